import { jsonToConvex, type Value, type ValidatorJSON } from 'convex/values'
import { compareValues } from 'convex/values'
import { inspect } from 'node:util'
import { tableOfId } from '../store/documentId'

/** What is wrong, put into words only when somebody asks: most values match, and most members of a union do not. */
type Mismatch = () => string

/** Why `value` does not match `validator`, in Convex's words over several lines; `null` if it matches. */
export function findMismatch(validator: ValidatorJSON, value: Value | undefined): string | null {
  return find(validator, value, '')?.() ?? null
}

function find(validator: ValidatorJSON, value: Value | undefined, path: string): Mismatch | null {
  switch (validator.type) {
    case 'array':
      if (!Array.isArray(value)) break
      return firstMismatch(value, (item, i) => find(validator.value, item, `${path}[${i}]`))
    case 'record':
      if (!isObject(value)) break
      return firstMismatch(
        Object.entries(value),
        ([key, item]) =>
          find(validator.keys, key, `${path}.${key}`) ??
          find(validator.values.fieldType, item, `${path}.${key}`),
      )
    case 'object':
      if (!isObject(value)) break
      return findObjectMismatch(validator, value, path)
    case 'commitTs':
      throw new Error('The embedded backend does not support commit timestamps (`v.commitTs()`)')
    case 'any':
    case 'null':
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'string':
    case 'bytes':
    case 'id':
    case 'literal':
    case 'union':
      if (matchesOne(validator, value)) return null
  }
  return () =>
    `Value does not match validator.\n${path && `Path: ${path}\n`}Value: ${printValue(value)}\nValidator: ${printValidator(validator)}`
}

/** Whether `value` matches a validator that has no parts of its own, or any one of several. */
function matchesOne(
  validator: Exclude<ValidatorJSON, { type: 'array' | 'record' | 'object' | 'commitTs' }>,
  value: Value | undefined,
): boolean {
  switch (validator.type) {
    case 'any':
      return value !== undefined
    case 'null':
      return value === null
    case 'number':
      return typeof value === 'number'
    case 'bigint':
      return typeof value === 'bigint'
    case 'boolean':
      return typeof value === 'boolean'
    case 'string':
      return typeof value === 'string'
    case 'bytes':
      return value instanceof ArrayBuffer
    case 'id':
      return typeof value === 'string' && tableOfId(value) === validator.tableName
    case 'literal':
      if (typeof validator.value === 'string') return value === validator.value
      return compareValues(value, jsonToConvex(validator.value)) === 0
    case 'union':
      return validator.value.some((member) => find(member, value, '') === null)
  }
}

function printValue(value: Value | undefined): string {
  return inspect(value, { depth: 4, breakLength: Infinity, maxStringLength: 500, maxArrayLength: 50 })
}

function findObjectMismatch(
  validator: Extract<ValidatorJSON, { type: 'object' }>,
  value: Record<string, Value | undefined>,
  path: string,
): Mismatch | null {
  const context = () =>
    `${path && `Path: ${path}\n`}Object: ${printValue(value)}\nValidator: ${printValidator(validator)}`
  for (const [name, { fieldType, optional }] of Object.entries(validator.value)) {
    const field = Object.hasOwn(value, name) ? value[name] : undefined
    if (field === undefined) {
      if (optional) continue
      return () =>
        `Object is missing the required field \`${name}\`. ` +
        `Consider wrapping the field validator in \`v.optional(...)\` if this is expected.\n\n${context()}`
    }
    const mismatch = find(fieldType, field, `${path}.${name}`)
    if (mismatch !== null) return mismatch
  }
  for (const name of Object.keys(value)) {
    if (value[name] !== undefined && !Object.hasOwn(validator.value, name)) {
      return () => `Object contains extra field \`${name}\` that is not in the validator.\n\n${context()}`
    }
  }
  return null
}

function firstMismatch<T>(
  items: readonly T[],
  check: (item: T, i: number) => Mismatch | null,
): Mismatch | null {
  for (const [i, item] of items.entries()) {
    const mismatch = check(item, i)
    if (mismatch !== null) return mismatch
  }
  return null
}

function isObject(value: Value | undefined): value is Record<string, Value | undefined> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ArrayBuffer)
  )
}

function printValidator(validator: ValidatorJSON): string {
  switch (validator.type) {
    case 'number':
      return 'v.float64()'
    case 'bigint':
      return 'v.int64()'
    case 'id':
      return `v.id(${JSON.stringify(validator.tableName)})`
    case 'literal':
      return `v.literal(${printValue(jsonToConvex(validator.value))})`
    case 'array':
      return `v.array(${printValidator(validator.value)})`
    case 'union':
      return `v.union(${validator.value.map(printValidator).join(', ')})`
    case 'record':
      return `v.record(${printValidator(validator.keys)}, ${printValidator(validator.values.fieldType)})`
    case 'object': {
      const fields = Object.entries(validator.value).map(([name, { fieldType, optional }]) => {
        const printed = printValidator(fieldType)
        return `${name}: ${optional ? `v.optional(${printed})` : printed}`
      })
      return `v.object({${fields.join(', ')}})`
    }
    case 'any':
    case 'null':
    case 'boolean':
    case 'string':
    case 'bytes':
    case 'commitTs':
      return `v.${validator.type}()`
  }
}
