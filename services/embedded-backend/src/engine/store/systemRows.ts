import type { Value } from 'convex/values'
import { AFTER, encodeKey } from './indexKey'
import type { Snapshot } from './Snapshot'
import { documentValue, type DocumentValue, type StoredDocument } from './StoredDocument'
import type { Transaction } from './Transaction'

export interface Row<T> {
  document: StoredDocument
  value: T
}

/** Rows of a system table whose index key begins with `prefix`, from `from` on, in order. Reads lazily; counts against no limit. */
export function* systemRows<T>(
  source: Snapshot | Transaction,
  table: string,
  index: string,
  prefix: readonly Value[] = [],
  from: readonly Value[] = [],
): Generator<Row<T>, void> {
  const found = 'tables' in source ? source.tables.get(table) : source.table(table)
  const start = encodeKey([...prefix, ...from])
  const end = encodeKey(prefix) + AFTER
  for (const [key, document] of found?.ascending(index, start) ?? []) {
    if (key >= end) return
    yield { document, value: documentValue(document) as unknown as T }
  }
}

export function firstSystemRow<T>(
  source: Snapshot | Transaction,
  table: string,
  index: string,
  prefix: readonly Value[],
): Row<T> | null {
  const { value } = systemRows<T>(source, table, index, prefix).next()
  return value ?? null
}

export function insertSystemRow(transaction: Transaction, table: string, row: object): string {
  return transaction.insert(table, row as DocumentValue).id
}

export function patchSystemRow<T extends object>(
  transaction: Transaction,
  document: StoredDocument,
  patch: Partial<T>,
): void {
  transaction.replace(document, { ...documentValue(document), ...patch })
}
