import type { Value } from 'convex/values'
import { BTree } from './BTree'
import { compareKeys, fieldValue, type IndexKey } from './indexKey'
import { documentValue, type StoredDocument } from './StoredDocument'

export type IndexTree = InstanceType<typeof BTree<IndexKey, StoredDocument>>

export interface IndexDefinition {
  name: string
  /** Without the trailing `_creationTime` and `_id`. */
  fields: string[]
}

export interface TableIndex {
  /** Every part of a key in order, tie-breakers included. */
  readonly fields: readonly string[]
  readonly tree: IndexTree
}

/** Index name → tree. Always holds `by_id` and `by_creation_time`. */
export type Table = ReadonlyMap<string, TableIndex>

/** All documents at one moment. Never changed once committed: writers work on clones, readers keep what they began with. */
export interface Snapshot {
  readonly ts: bigint
  readonly tables: ReadonlyMap<string, Table>
}

export function emptyTable(definitions: readonly IndexDefinition[] = []): Table {
  const table = new Map<string, TableIndex>()
  table.set('by_id', { fields: ['_id'], tree: emptyTree() })
  table.set('by_creation_time', { fields: ['_creationTime', '_id'], tree: emptyTree() })
  for (const { name, fields } of definitions) {
    table.set(name, { fields: [...fields, '_creationTime', '_id'], tree: emptyTree() })
  }
  return table
}

/** A table whose trees can be changed without `table` noticing; costs nothing until something is written. */
export function cloneTable(table: Table): Table {
  return new Map([...table].map(([name, { fields, tree }]) => [name, { fields, tree: tree.clone() }]))
}

/** Replaces `before` by `after` (either may be null) in every index of `table`. */
export function writeToTable(
  table: Table,
  before: StoredDocument | null,
  after: StoredDocument | null,
): void {
  const oldValue = before && (documentValue(before) as Value)
  const newValue = after && (documentValue(after) as Value)
  for (const { fields, tree } of table.values()) {
    const oldKey = oldValue === null ? null : keyOf(fields, oldValue)
    const newKey = newValue === null ? null : keyOf(fields, newValue)
    // Most writes leave a document where it is in most indexes.
    const stays = oldKey !== null && newKey !== null && compareKeys(oldKey, newKey) === 0
    if (oldKey !== null && !stays) tree.delete(oldKey)
    if (newKey !== null && after !== null) tree.set(newKey, after)
  }
}

/** Where `document` stands in every index of `table`. */
export function keysIn(table: Table, document: StoredDocument): { index: string; key: IndexKey }[] {
  const value = documentValue(document) as Value
  return [...table].map(([index, { fields }]) => ({ index, key: keyOf(fields, value) }))
}

function keyOf(fields: readonly string[], value: Value): IndexKey {
  return fields.map((field) => fieldValue(value, field))
}

function emptyTree(): IndexTree {
  return new BTree<IndexKey, StoredDocument>(undefined, compareKeys)
}
