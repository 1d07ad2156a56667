import type { Value } from 'convex/values'

/** https://docs.convex.dev/database/types */
const MAX_ARRAY_VALUES = 8_192
const MAX_OBJECT_ENTRIES = 1_024
const MAX_NESTING = 64
/** Matches no surrogate that is one of a pair. */
const HALF_PAIR = /\p{Cs}/u

/** What of `value` a deployment would not take, whatever the validator says; `null` if it would take all. */
export function findUnstorable(value: Value | undefined, depth = 0): string | null {
  if (typeof value === 'string') {
    return HALF_PAIR.test(value) ? 'Strings must be valid Unicode: one holds half of a surrogate pair' : null
  }
  if (typeof value !== 'object' || value === null || value instanceof ArrayBuffer) return null
  if (depth >= MAX_NESTING) return `Value is too nested (maximum nesting ${MAX_NESTING})`
  const items = (Array.isArray(value) ? value : Object.values(value)) as (Value | undefined)[]
  const limit = Array.isArray(value) ? MAX_ARRAY_VALUES : MAX_OBJECT_ENTRIES
  if (items.length > limit) {
    const [what, of] = Array.isArray(value) ? ['Array', 'values'] : ['Object', 'fields']
    return `${what} has too many ${of} (${items.length} > maximum number ${limit})`
  }
  for (const item of items) {
    const found = findUnstorable(item, depth + 1)
    if (found !== null) return found
  }
  return null
}

/** Whether encoded JSON text might hold half of a surrogate pair: `JSON.stringify` escapes nothing else that way. */
export function mayHoldHalfPair(json: string): boolean {
  return json.includes('\\ud')
}
