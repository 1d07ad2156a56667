import { convexToJson, jsonToConvex, type JSONValue, type Value } from 'convex/values'
import { decodeOperand, evaluateFilter } from './evaluateFilter'
import { AFTER, ALL_KEYS, BEFORE, compareKeys, type IndexKey, type KeyPart, type KeyRange } from './indexKey'
import type { TableIndex } from './Snapshot'
import { documentValue, type StoredDocument } from './StoredDocument'
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

const END_CURSOR = '_end_cursor'

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

/** One page, by the rules of `convex-test`: a cursor is the key of the last row read; `endCursor` fixes where a page ends. */
export function readPage(transaction: Transaction, request: PageRequest): Page {
  const source = resolveSource(transaction, request.query)
  const range = pageRange(source, request.cursor, request.endCursor)
  const fixedEnd = request.endCursor !== null
  const filters = request.query.operators.filter((operator) => 'filter' in operator)
  const page: string[] = []
  const cursors: string[] = []
  let bytes = 0
  let full = false
  let overLimit = false
  let more = false
  if (request.cursor !== END_CURSOR) {
    for (const { key, document } of readRange(transaction, source, range)) {
      if (full || overLimit) {
        more = true
        break
      }
      cursors.push(encodeCursor(key))
      bytes += document.size
      if (filters.every((filter) => matches(document, filter))) page.push(document.json)
      overLimit =
        cursors.length >= (request.maximumRowsRead ?? Infinity) ||
        bytes >= (request.maximumBytesRead ?? Infinity)
      full = !fixedEnd && page.length >= request.pageSize
    }
  }
  const last = cursors.at(-1) ?? null
  const continueCursor =
    more || overLimit ? (last ?? END_CURSOR) : fixedEnd ? (request.endCursor ?? END_CURSOR) : END_CURSOR
  const splits = overLimit
    ? 'SplitRequired'
    : cursors.length > request.pageSize + 1
      ? 'SplitRecommended'
      : null
  const splitCursor =
    splits && cursors.length >= 2 ? (cursors[Math.floor((cursors.length - 1) / 2)] ?? null) : null
  return {
    page,
    isDone: continueCursor === END_CURSOR,
    continueCursor,
    splitCursor,
    pageStatus: splits === 'SplitRecommended' && splitCursor === null ? null : splits,
  }
}

interface Source {
  table: string
  name: string
  index: TableIndex | undefined
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
      const index = transaction.index(table, 'by_creation_time')
      return { table, name: 'by_creation_time', index, range: ALL_KEYS, order: order ?? 'asc' }
    }
    case 'IndexRange': {
      const [table = '', name = ''] = source.indexName.split('.')
      const index = transaction.index(table, name)
      if (!index && name !== 'by_id' && name !== 'by_creation_time') {
        throw new Error(`Index ${table}.${name} not found.`)
      }
      const range = index ? rangeOf(source.indexName, index.fields, source.range) : ALL_KEYS
      return { table, name, index, range, order: source.order ?? 'asc' }
    }
  }
}

function rangeOf(name: string, fields: readonly string[], expressions: RangeExpression[]): KeyRange {
  const prefix: KeyPart[] = []
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
      low = [...prefix, value, type === 'Gt' ? AFTER : BEFORE]
    } else {
      if (high) throw new Error(`Invalid index range on ${name}: two upper bounds`)
      high = [...prefix, value, type === 'Lt' ? BEFORE : AFTER]
    }
  }
  return { low: low ?? [...prefix, BEFORE], high: high ?? [...prefix, AFTER] }
}

function* readRange(
  transaction: Transaction,
  { table, name, index, order }: Source,
  { low, high }: KeyRange,
): Generator<{ key: IndexKey; document: StoredDocument }, void> {
  // Grows with what is read, so that a write behind the last row that was looked at re-runs nothing.
  const seen: KeyRange = order === 'asc' ? { low, high: low } : { low: high, high }
  transaction.reads.add(table, name, seen)
  // A clone: writes of this transaction do not disturb an iteration that has begun.
  const tree = index?.tree.clone()
  const entries = order === 'asc' ? tree?.entries(low) : tree?.entriesReversed(high)
  for (const [key, document] of entries ?? []) {
    const beyond = order === 'asc' ? compareKeys(key, high) > 0 : compareKeys(key, low) < 0
    if (beyond) break
    if (order === 'asc') seen.high = [...key, AFTER]
    else seen.low = [...key, BEFORE]
    transaction.countRead(document)
    yield { key, document }
  }
  seen.low = low
  seen.high = high
}

function pageRange({ range, order }: Source, cursor: string | null, endCursor: string | null): KeyRange {
  const after = cursor === null || cursor === END_CURSOR ? null : decodeCursor(cursor)
  const until = endCursor === null || endCursor === END_CURSOR ? null : decodeCursor(endCursor)
  const lows = [range.low]
  const highs = [range.high]
  if (order === 'asc') {
    if (after) lows.push([...after, AFTER])
    if (until) highs.push([...until, AFTER])
  } else {
    if (after) highs.push([...after, BEFORE])
    if (until) lows.push([...until, BEFORE])
  }
  // A cursor narrows the query's own range and never widens it.
  return {
    low: lows.reduce((a, b) => (compareKeys(a, b) >= 0 ? a : b)),
    high: highs.reduce((a, b) => (compareKeys(a, b) <= 0 ? a : b)),
  }
}

function matches(document: StoredDocument, { filter }: { filter: JSONValue }): boolean {
  const result = evaluateFilter(documentValue(document), filter)
  if (typeof result !== 'boolean') throw new Error('A filter must evaluate to a boolean')
  return result
}

/** Missing fields are written as null, everything else as a one-element array. */
function encodeCursor(key: IndexKey): string {
  const parts = key.map((part) => (part === undefined ? null : [convexToJson(part as Value)]))
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

function decodeCursor(cursor: string): IndexKey {
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as (null | [JSONValue])[]
    return parts.map((part) => (part === null ? undefined : jsonToConvex(part[0])))
  } catch (cause) {
    throw new Error('InvalidCursor: the pagination cursor cannot be read', { cause })
  }
}
