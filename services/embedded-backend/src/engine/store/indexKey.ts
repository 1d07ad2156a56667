import type { Value } from 'convex/values'

/**
 * Where a document stands in an index: its values there one after another, so written that the order of the texts (by code units) is
 * Convex's order of the values. One text costs less to compare, to keep and to collect than the values themselves. As FoundationDB's
 * tuple layer does it: https://github.com/apple/foundationdb/blob/main/design/tuple.md.
 */
export type IndexKey = string

/** All keys from `low` on that come before `high`. */
export interface KeyRange {
  low: IndexKey
  high: IndexKey
}

/** Behind a prefix: sorts after every key that begins with it. The prefix itself sorts before them. */
export const AFTER = '\xfe'

export const ALL_KEYS: KeyRange = { low: '', high: AFTER }

/** What a value is begins its text; the order of these is the order of Convex's types. */
const TAG = {
  undefined: '\x02',
  null: '\x03',
  bigint: '\x04',
  number: '\x05',
  false: '\x06',
  true: '\x07',
  string: '\x08',
  bytes: '\x09',
  array: '\x0a',
  object: '\x0b',
}
/** Ends what has no length of its own; where it occurs inside, a mark follows that sorts after `AFTER`. */
const END = '\0'
const INSIDE = '\0\xff'

export function compareKeys(a: IndexKey, b: IndexKey): number {
  return a < b ? -1 : a === b ? 0 : 1
}

export function rangeContains({ low, high }: KeyRange, key: IndexKey): boolean {
  return low <= key && key < high
}

export function laterKey(a: IndexKey, b: IndexKey): IndexKey {
  return a > b ? a : b
}

export function earlierKey(a: IndexKey, b: IndexKey): IndexKey {
  return a < b ? a : b
}

/** Values of an index's first fields, as a key of it begins. */
export function encodeKey(values: readonly (Value | undefined)[]): IndexKey {
  return values.map(encodePart).join('')
}

/** Where a document stands in an index with these fields. */
export function keyOf(fields: readonly string[], document: Value): IndexKey {
  return fields.map((field) => encodePart(fieldValue(document, field))).join('')
}

/** The last part of a key of any index, which is its document's id: the document's key in `by_id`. */
export function idKeyOf(key: IndexKey): IndexKey {
  return key.slice(key.lastIndexOf(TAG.string))
}

/** The first part, up to its end or to a zero in it, where that is a text. */
export function firstText(key: IndexKey): string | undefined {
  return key.startsWith(TAG.string) ? key.slice(0, key.indexOf(END)) : undefined
}

/** The value at `path` (`a.b.c`) of a document; `undefined` where there is none. */
export function fieldValue(document: Value, path: string): Value | undefined {
  if (!path.includes('.')) return member(document, path)
  return path.split('.').reduce<Value | undefined>((value, name) => member(value, name), document)
}

function member(value: Value | undefined, name: string): Value | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ArrayBuffer) {
    return undefined
  }
  return Object.hasOwn(value, name) ? (value as Record<string, Value | undefined>)[name] : undefined
}

function encodePart(value: Value | undefined): string {
  if (value === undefined) return TAG.undefined
  if (typeof value === 'string') return TAG.string + encodeText(value) + END
  if (typeof value === 'number') return TAG.number + encodeFloat(value)
  if (typeof value === 'bigint') return TAG.bigint + encodeInt(value)
  if (typeof value === 'boolean') return value ? TAG.true : TAG.false
  return encodeObject(value)
}

function encodeObject(value: Value): string {
  if (value === null) return TAG.null
  if (value instanceof ArrayBuffer) return TAG.bytes + escape(Buffer.from(value).toString('latin1')) + END
  if (Array.isArray(value)) return TAG.array + encodeKey(value) + END
  const entries = Object.entries(value as Record<string, Value | undefined>).filter(
    ([, held]) => held !== undefined,
  )
  return TAG.object + encodeKey(entries.sort(([a], [b]) => compareKeys(a, b)).flat()) + END
}

/** The bytes of its UTF-8 as code units: in the order of code points, and one byte each in memory. */
function encodeText(text: string): string {
  return isPlain(text) ? text : escape(Buffer.from(text).toString('latin1'))
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0 || unit > 0x7f) return false
  }
  return true
}

function escape(bytes: string): string {
  return bytes.replaceAll(END, INSIDE)
}

const EIGHT = Buffer.alloc(8)
const SIGN = 0x80

/** IEEE 754's total order: -NaN, -Infinity, …, -0, 0, …, Infinity, NaN. */
function encodeFloat(value: number): string {
  EIGHT.writeDoubleBE(value)
  const first = EIGHT[0] ?? 0
  if (first < SIGN) EIGHT[0] = first | SIGN
  else for (let i = 0; i < 8; i++) EIGHT[i] = ~(EIGHT[i] ?? 0)
  return EIGHT.toString('latin1')
}

function encodeInt(value: bigint): string {
  EIGHT.writeBigInt64BE(value)
  EIGHT[0] = (EIGHT[0] ?? 0) ^ SIGN
  return EIGHT.toString('latin1')
}
