import { jsonToConvex, type JSONValue } from 'convex/values'
import { tableOfId } from '../store/documentId'
import { readPage, streamQuery, type PageRequest, type SerializedQuery } from '../store/queryTransaction'
import { documentValue, type DocumentValue, type StoredDocument } from '../store/StoredDocument'
import { findMismatch } from '../values/findMismatch'
import { findUnstorable } from '../values/findUnstorable'
import type { TransactionFrame } from './Frame'
import type { LoadedFunctions } from './LoadedFunctions'

/** System tables that functions may read, through `ctx.db.system`. */
const READABLE_SYSTEM_TABLES = ['_scheduled_functions', '_storage']

type Arguments = Record<string, JSONValue>

/** Answers a syscall of `ctx.db`; `undefined` if `operation` is none. Answers are JSON texts. Throws what the function should see. */
export function databaseSyscall(
  frame: TransactionFrame,
  functions: LoadedFunctions,
  operation: string,
  args: Arguments,
): string | undefined {
  const { transaction } = frame.shared
  switch (operation) {
    case '1.0/get': {
      const { id, table } = locate(args, 'get')
      return transaction.get(table, id)?.json ?? 'null'
    }
    case '1.0/queryStreamNext': {
      const next = frame.streams.get(args.queryId as number)?.next()
      if (!next) throw new Error('This query was closed')
      return next.done ? '{"value":null,"done":true}' : `{"value":${next.value.json},"done":false}`
    }
    case '1.0/queryPage':
      return queryPage(frame, args as unknown as PageRequest)
    case '1.0/count': {
      const query: SerializedQuery = {
        source: { type: 'FullTableScan', tableName: args.table as string, order: null },
        operators: [],
      }
      return JSON.stringify([...streamQuery(transaction, query)].length)
    }
    case '1.0/insert': {
      assertWritable(frame)
      const table = args.table as string
      if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(table)) throw new Error(`Invalid table name "${table}"`)
      const value = decodeDocument(args.value ?? null)
      if (value._id !== undefined || value._creationTime !== undefined) {
        throw new Error('A document to insert must not have the system fields `_id` and `_creationTime`')
      }
      checkDocument(functions, table, value)
      return JSON.stringify({ _id: transaction.insert(table, value).id })
    }
    case '1.0/shallowMerge': {
      const before = existing(frame, args, 'patch')
      const merged = { ...documentValue(before) }
      for (const [name, encoded] of Object.entries(args.value as Arguments)) {
        const missing = typeof encoded === 'object' && encoded !== null && '$undefined' in encoded
        Object.assign(merged, missing ? { [name]: undefined } : decodeDocument({ [name]: encoded }))
      }
      return update(frame, functions, before, merged)
    }
    case '1.0/replace': {
      const before = existing(frame, args, 'replace')
      const { _id, _creationTime } = documentValue(before)
      return update(frame, functions, before, { _id, _creationTime, ...decodeDocument(args.value ?? null) })
    }
    case '1.0/remove':
      transaction.remove(existing(frame, args, 'delete'))
      return '{}'
    default:
      return undefined
  }
}

/** Starts a query; what it reads is counted as it is consumed. */
export function startQuery(frame: TransactionFrame, query: SerializedQuery): number {
  const { source } = query
  if (source.type !== 'Search') {
    assertReadable(
      source.type === 'FullTableScan' ? source.tableName : (source.indexName.split('.')[0] ?? ''),
    )
  }
  const queryId = frame.streams.size
  frame.streams.set(queryId, streamQuery(frame.shared.transaction, query))
  return queryId
}

export function normalizeId(table: string, id: string): string | null {
  return tableOfId(id) === table ? id : null
}

/** Refuses a document that the schema would not allow; `value` with or without system fields. */
export function checkDocument(functions: LoadedFunctions, table: string, value: DocumentValue): void {
  const validator = functions.documentTypes.get(table)
  if (!validator) return
  const fields = { ...value }
  delete fields._id
  delete fields._creationTime
  const mismatch = findMismatch(validator, fields)
  if (mismatch !== null) {
    const which = typeof value._id === 'string' ? ` with ID "${value._id}"` : ''
    throw new Error(
      `Failed to insert or update a document${which} in table "${table}" because it does not match the schema: ${mismatch}`,
    )
  }
}

function queryPage(frame: TransactionFrame, request: PageRequest): string {
  if (frame.pageEnd !== null) {
    throw new Error(
      'This query or mutation function ran multiple paginated queries. Convex only supports a single paginated query in each function.',
    )
  }
  const page = readPage(frame.shared.transaction, {
    ...request,
    endCursor: request.endCursor ?? frame.journal,
  })
  frame.pageEnd = page.continueCursor
  const { page: documents, ...rest } = page
  return `{"page":[${documents.join(',')}],${JSON.stringify(rest).slice(1)}`
}

function locate(args: Arguments, method: string): { id: string; table: string } {
  const id = args.id
  const table = typeof id === 'string' ? tableOfId(id) : null
  if (typeof id !== 'string' || table === null) {
    throw new Error(
      `Invalid argument \`id\` for \`db.${method}\`: Unable to decode ID: ${JSON.stringify(id)}`,
    )
  }
  if (typeof args.table === 'string' && args.table !== table) {
    throw new Error(
      `Invalid argument \`id\` for \`db.${method}\`, expected ID in table '${args.table}' but got ID in table '${table}'`,
    )
  }
  if (method === 'get') {
    assertReadable(table)
    if (table.startsWith('_') !== (args.isSystem === true)) {
      throw new Error(
        `This ID belongs to table '${table}', which db.${args.isSystem === true ? 'system.' : ''}get does not read`,
      )
    }
  } else if (table.startsWith('_')) {
    throw new Error('System tables (prefixed with `_`) are read-only.')
  }
  return { id, table }
}

function existing(frame: TransactionFrame, args: Arguments, method: string): StoredDocument {
  assertWritable(frame)
  const { id, table } = locate(args, method)
  const found = frame.shared.transaction.get(table, id)
  if (!found) throw new Error(`${method === 'patch' ? 'Update' : method} on nonexistent document ID ${id}`)
  return found
}

function update(
  frame: TransactionFrame,
  functions: LoadedFunctions,
  before: StoredDocument,
  value: DocumentValue,
): string {
  const { _id, _creationTime } = documentValue(before)
  if (value._id !== _id || value._creationTime !== _creationTime) {
    throw new Error(`The system fields of document ID ${before.id} cannot be changed`)
  }
  checkDocument(functions, before.table, value)
  frame.shared.transaction.replace(before, value)
  return '{}'
}

function decodeDocument(encoded: JSONValue): DocumentValue {
  const value = jsonToConvex(encoded)
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ArrayBuffer) {
    throw new Error('A document must be an object')
  }
  for (const name of Object.keys(value)) {
    if (name.startsWith('_') && name !== '_id' && name !== '_creationTime') {
      throw new Error(
        `Field name ${name} starts with an underscore, which is only allowed for system fields like "_id"`,
      )
    }
  }
  const unstorable = findUnstorable(value)
  if (unstorable !== null) throw new Error(unstorable)
  // Convex resolves these when a mutation commits; nothing here does.
  if (JSON.stringify(encoded).includes('{"$commitTs":null}')) {
    throw new Error('The embedded backend does not support commit timestamps (`ctx.db.vars.commitTs`)')
  }
  return value as DocumentValue
}

function assertWritable(frame: TransactionFrame): void {
  if (frame.kind !== 'mutation') throw new Error('Queries cannot write to the database')
}

function assertReadable(table: string): void {
  if (table.startsWith('_') && !READABLE_SYSTEM_TABLES.includes(table)) {
    throw new Error(`The system table ${table} cannot be read by functions`)
  }
}
