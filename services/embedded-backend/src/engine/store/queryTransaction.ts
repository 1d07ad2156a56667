import { createHash } from 'node:crypto'
import type { JSONValue, Value } from 'convex/values'
import * as z from 'zod'
import { decodeOperand, evaluateFilter } from './evaluateFilter'
import { AFTER, ALL_KEYS, earlierKey, encodeKey, laterKey, type IndexKey, type KeyRange } from './indexKey'
import { documentValue, type StoredDocument } from './StoredDocument'
import { BUILT_IN } from './Table'
import type { Transaction } from './Transaction'

interface RangeExpression {
  type: 'Eq' | 'Gt' | 'Gte' | 'Lt' | 'Lte'
  fieldPath: string
  value: JSONValue
}

type Order = 'asc' | 'desc'
type Operator = { filter: JSONValue } | { limit: number }

/** A query as `convex/server` serialises it. */
export interface SerializedQuery {
  source:
    | { type: 'FullTableScan'; tableName: string; order: Order | null }
    | { type: 'IndexRange'; indexName: string; range: RangeExpression[]; order: Order | null }
    | { type: 'Search' }
  operators: Operator[]
}

export interface PageRequest {
  query: SerializedQuery
  cursor: string | null
  endCursor: string | null
  pageSize: number
  maximumRowsRead?: number | null
  maximumBytesRead?: number | null
}

export interface Page {
  /** Convex-encoded JSON texts. */
  page: string[]
  isDone: boolean
  continueCursor: string
  splitCursor: string | null
  pageStatus: 'SplitRecommended' | 'SplitRequired' | null
}

/** Where a page ends: behind the row with this key, or behind every row that there is or will be. */
type Position = { key: IndexKey } | 'end'

/** What a page may cost: rows and bytes read, and how long the array of its documents may be. */
const LIMITS = { rows: 32_000, bytes: 16 << 20, length: 8_192 }

/** Documents of `query` in order, read one at a time, so that only what is consumed counts and is watched. */
export function* streamQuery(
  transaction: Transaction,
  query: SerializedQuery,
): Generator<StoredDocument, void> {
  const source = resolveSource(transaction, query)
  const remaining = query.operators.map((operator) => ('limit' in operator ? operator.limit : Infinity))
  if (remaining.includes(0)) return
  for (const { document } of readRange(transaction, source, source.range)) {
    const passed = query.operators.every((operator, i) => {
      if ('filter' in operator) return matches(document, operator)
      return (remaining[i] ?? 0) > 0 && (remaining[i] = (remaining[i] ?? 0) - 1) >= 0
    })
    if (passed) yield document
    if (remaining.includes(0)) return
  }
}

/**
 * One page, as a deployment makes it: it ends behind the last row that was looked at, or at `endCursor`, whatever is there by now.
 * That a query is done is known only when its next row was looked for in vain. Throws `InvalidCursor` for a cursor of another query.
 */
export function readPage(transaction: Transaction, request: PageRequest): Page {
  const { query, pageSize } = request
  const maximumRows = request.maximumRowsRead ?? Infinity
  const maximumBytes = request.maximumBytesRead ?? Infinity
  if (Math.min(pageSize, maximumRows, maximumBytes) < 1) throw new Error('A page must allow one document')
  const source = resolveSource(transaction, query)
  const fingerprint = fingerprintOf(query, source)
  const after = decodeCursor(request.cursor, fingerprint)
  const until = decodeCursor(request.endCursor, fingerprint)
  const rows = after === 'end' ? [] : readRange(transaction, source, pageRange(source, after, until))
  const filters = query.operators.filter((operator) => 'filter' in operator)
  const page: string[] = []
  const keys: IndexKey[] = []
  let bytes = 0
  let end: Position = until ?? 'end'
  let isCutShort = false
  for (const { key, document } of rows) {
    keys.push(key)
    bytes += document.size
    if (filters.every((filter) => matches(document, filter))) page.push(document.json)
    // Up to a given end everything is read, so that no row falls between two pages.
    if (until !== null) continue
    const isFull = page.length >= pageSize
    isCutShort = !isFull && (keys.length >= maximumRows || bytes >= maximumBytes)
    if (!isFull && !isCutShort) continue
    end = { key }
    break
  }
  const isLarge =
    isMost(keys.length, maximumRows, LIMITS.rows) ||
    isMost(bytes, maximumBytes, LIMITS.bytes) ||
    isMost(page.length, LIMITS.length)
  const middle = keys.length > 2 ? keys[Math.floor(keys.length / 2)] : undefined
  return {
    page,
    isDone: end === 'end',
    continueCursor: encodeCursor(end, fingerprint),
    splitCursor: middle ? encodeCursor({ key: middle }, fingerprint) : null,
    pageStatus: isCutShort ? 'SplitRequired' : isLarge ? 'SplitRecommended' : null,
  }
}

/** A deployment recommends to split a page that uses more than three quarters of what it may. */
function isMost(used: number, ...limits: number[]): boolean {
  return used > Math.floor((Math.min(...limits) * 3) / 4)
}

interface Source {
  table: string
  name: string
  /** Of the index. */
  fields: readonly string[]
  range: KeyRange
  order: Order
}

function resolveSource(transaction: Transaction, { source }: SerializedQuery): Source {
  transaction.metrics.add('databaseQueries', 1)
  switch (source.type) {
    case 'Search':
      throw new Error(
        'The embedded backend has no search indexes; use a Convex deployment for full text search',
      )
    case 'FullTableScan': {
      const { tableName: table, order } = source
      const name = 'by_creation_time'
      return { table, name, fields: BUILT_IN[name], range: ALL_KEYS, order: order ?? 'asc' }
    }
    case 'IndexRange': {
      const [table = '', name = ''] = source.indexName.split('.')
      // Those that every table has are there before the table is.
      const fields = isBuiltIn(name) ? BUILT_IN[name] : transaction.table(table)?.fieldsOf(name)
      if (!fields) throw new Error(`Index ${table}.${name} not found.`)
      const range = rangeOf(source.indexName, fields, source.range)
      return { table, name, fields, range, order: source.order ?? 'asc' }
    }
  }
}

function isBuiltIn(index: string): index is keyof typeof BUILT_IN {
  return Object.hasOwn(BUILT_IN, index)
}

function rangeOf(name: string, fields: readonly string[], expressions: RangeExpression[]): KeyRange {
  const prefix: (Value | undefined)[] = []
  let low: IndexKey | null = null
  let high: IndexKey | null = null
  for (const { type, fieldPath, value: encoded } of expressions) {
    const value = decodeOperand(encoded)
    const bounded = low !== null || high !== null
    const expected = fields[prefix.length]
    if (fieldPath !== expected || (type === 'Eq' && bounded)) {
      throw new Error(
        `Invalid index range on ${name}: got ${type.toLowerCase()}("${fieldPath}") where only ` +
          `${expected === undefined ? 'the end of the range' : `"${expected}"`} may come. ` +
          'Fields must be given in the order of the index, equalities first.',
      )
    }
    if (type === 'Eq') prefix.push(value)
    else if (type === 'Gt' || type === 'Gte') {
      if (low) throw new Error(`Invalid index range on ${name}: two lower bounds`)
      low = encodeKey([...prefix, value]) + (type === 'Gt' ? AFTER : '')
    } else {
      if (high) throw new Error(`Invalid index range on ${name}: two upper bounds`)
      high = encodeKey([...prefix, value]) + (type === 'Lt' ? '' : AFTER)
    }
  }
  return { low: low ?? encodeKey(prefix), high: high ?? encodeKey(prefix) + AFTER }
}

function* readRange(
  transaction: Transaction,
  { table, name, fields, order }: Source,
  { low, high }: KeyRange,
): Generator<{ key: IndexKey; document: StoredDocument }, void> {
  // Grows with what is read, so that a write behind the last row that was looked at re-runs nothing.
  const seen: KeyRange = order === 'asc' ? { low, high: low } : { low: high, high }
  transaction.reads.add(table, name, fields, seen)
  const rows = transaction.table(table)
  const entries = order === 'asc' ? rows?.ascending(name, low) : rows?.descending(name, high)
  for (const [key, document] of entries ?? []) {
    if (order === 'asc' ? key >= high : key < low) break
    if (order === 'asc') seen.high = key + AFTER
    else seen.low = key
    transaction.countRead(document)
    yield { key, document }
  }
  seen.low = low
  seen.high = high
}

function pageRange({ range, order }: Source, after: Position | null, until: Position | null): KeyRange {
  const lows = [range.low]
  const highs = [range.high]
  const [starts, ends] = order === 'asc' ? [lows, highs] : [highs, lows]
  const behind = order === 'asc' ? AFTER : ''
  if (after && after !== 'end') starts.push(after.key + behind)
  if (until && until !== 'end') ends.push(until.key + behind)
  // A cursor narrows the query's own range and never widens it.
  return {
    low: lows.reduce(laterKey),
    high: highs.reduce(earlierKey),
  }
}

function matches(document: StoredDocument, { filter }: { filter: JSONValue }): boolean {
  const result = evaluateFilter(documentValue(document), filter)
  if (typeof result !== 'boolean') throw new Error('A filter must evaluate to a boolean')
  return result
}

/** Tells queries apart: by what they ask, and by what their index holds. */
function fingerprintOf({ source, operators }: SerializedQuery, { fields, order }: Source): string {
  const asked = JSON.stringify([{ ...source, order }, operators, fields])
  return createHash('sha256').update(asked).digest('base64url')
}

function encodeCursor(position: Position, fingerprint: string): string {
  const behind = position === 'end' ? null : position.key
  return Buffer.from(JSON.stringify([fingerprint, behind])).toString('base64url')
}

const cursorText = z.tuple([z.string(), z.string().nullable()])

function decodeCursor(cursor: string | null, fingerprint: string): Position | null {
  if (cursor === null) return null
  let parts: z.infer<typeof cursorText>
  try {
    parts = cursorText.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (cause) {
    throw new Error('InvalidCursor: the pagination cursor cannot be read', { cause })
  }
  const [madeBy, key] = parts
  if (madeBy !== fingerprint) throw new Error('InvalidCursor: the pagination cursor is of another query')
  return key === null ? 'end' : { key }
}
