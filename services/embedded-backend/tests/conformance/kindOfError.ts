const KINDS: [RegExp, string][] = [
  [
    /ArgumentValidationError|ReturnsValidationError|Validator error|validation failed|does not match the schema|Cannot convert undefined or null to object/,
    'does not fit',
  ],
  [/non-?existent/, 'no such document'],
  [/Invalid index range|used in `withIndex`/, 'bad range'],
  [/[Ff]ilter|must evaluate to a boolean|Division by zero/, 'bad filter'],
  [/more than one result|not unique/, 'not unique'],
  [/failed as told/, 'failed as told'],
]

/** What two differently worded errors have in common; the error itself where that is not known. */
export function kindOfError(message: string): string {
  return KINDS.find(([pattern]) => pattern.test(message))?.[1] ?? message
}
