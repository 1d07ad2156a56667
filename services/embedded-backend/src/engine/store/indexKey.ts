import { compareValues, type Value } from 'convex/values'

/** Sorts before every value, `undefined` included. Only in bounds, never in a stored key. */
export const BEFORE = Symbol('before')
/** Sorts after every value. Only in bounds. */
export const AFTER = Symbol('after')

export type KeyPart = Value | undefined | typeof BEFORE | typeof AFTER
/** Indexed values in order, ending with `_creationTime` and `_id`. */
export type IndexKey = readonly KeyPart[]

/** Everything strictly between two bounds. Bounds end with `BEFORE` or `AFTER`, so no stored key equals one. */
export interface KeyRange {
  low: IndexKey
  high: IndexKey
}

export const ALL_KEYS: KeyRange = { low: [BEFORE], high: [AFTER] }

/** The total order of Convex's indexes: `undefined` first, then null, int64, float64, boolean, string, bytes, array, object. */
export function compareKeys(a: IndexKey, b: IndexKey): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const order = compareParts(a[i], b[i])
    if (order !== 0) return order
  }
  if (a.length === b.length) return 0
  return a.length < b.length ? -sideOf(b[shared]) : sideOf(a[shared])
}

export function rangeContains(range: KeyRange, key: IndexKey): boolean {
  return compareKeys(range.low, key) < 0 && compareKeys(key, range.high) < 0
}

/** The value at `path` (`a.b.c`) of a document; `undefined` where there is none. */
export function fieldValue(document: Value, path: string): Value | undefined {
  let value: Value | undefined = document
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ArrayBuffer) {
      return undefined
    }
    value = Object.hasOwn(value, name) ? (value as Record<string, Value | undefined>)[name] : undefined
  }
  return value
}

function compareParts(a: KeyPart, b: KeyPart): number {
  if (Object.is(a, b)) return 0
  if (typeof a === 'symbol') return a === BEFORE ? -1 : 1
  if (typeof b === 'symbol') return b === BEFORE ? 1 : -1
  if (typeof a === 'number' && typeof b === 'number' && a !== b && !Number.isNaN(a) && !Number.isNaN(b)) {
    return a < b ? -1 : 1
  }
  return compareValues(a, b)
}

/** How a longer key stands to its own prefix. */
function sideOf(next: KeyPart): number {
  return next === BEFORE ? -1 : 1
}
