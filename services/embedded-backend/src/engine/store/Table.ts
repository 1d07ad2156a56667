import type { Value } from 'convex/values'
import { BTree } from './BTree'
import { compareKeys, encodeKey, idKeyOf, keyOf, type IndexKey } from './indexKey'
import { documentValue, type StoredDocument } from './StoredDocument'

export interface IndexDefinition {
  name: string
  /** Without the trailing `_creationTime` and `_id`. */
  fields: string[]
}

interface TableIndex {
  /** Every part of a key in order, tie-breakers included. */
  readonly fields: readonly string[]
  readonly tree: IndexTree
}

/** `by_id` holds the documents; all others only keys, whose last part is the document's id: most writes leave them as they are. */
type IndexTree = InstanceType<typeof BTree<IndexKey, StoredDocument | undefined>>

/** The indexes that every table has, and what their keys are made of. */
export const BUILT_IN = { by_id: ['_id'], by_creation_time: ['_creationTime', '_id'] } as const

/** Keys of a node: every commit copies the nodes above what it writes, so small ones leave less garbage. */
const NODE_KEYS = 16

/** The documents of one table, in all its indexes. Never changed once committed: writers work on clones. */
export class Table {
  private constructor(private readonly indexes: ReadonlyMap<string, TableIndex>) {}

  /** Has the built-in indexes besides what is defined. */
  static empty(definitions: readonly IndexDefinition[] = []): Table {
    const indexes = new Map<string, TableIndex>()
    for (const [name, fields] of Object.entries(BUILT_IN)) indexes.set(name, { fields, tree: emptyTree() })
    for (const { name, fields } of definitions) {
      indexes.set(name, { fields: [...fields, '_creationTime', '_id'], tree: emptyTree() })
    }
    return new Table(indexes)
  }

  get size(): number {
    return this.indexes.get('by_id')?.tree.size ?? 0
  }

  /** What the keys of an index are made of; `undefined` for one that does not exist. */
  fieldsOf(index: string): readonly string[] | undefined {
    return this.indexes.get(index)?.fields
  }

  find(id: string): StoredDocument | undefined {
    return this.indexes.get('by_id')?.tree.get(encodeKey([id]))
  }

  /** In the order in which they were made. */
  *documents(): Generator<StoredDocument, void> {
    for (const [, document] of this.ascending('by_creation_time')) yield document
  }

  /** From `from` on upwards. Writes do not disturb an iteration that has begun; an index that does not exist is empty. */
  *ascending(index: string, from?: IndexKey): Generator<[IndexKey, StoredDocument], void> {
    const { keys, documents } = this.still(index)
    for (const key of keys?.keys(from) ?? []) yield [key, documentAt(key, documents)]
  }

  /** From just before `from` on downwards, as `ascending`. */
  *descending(index: string, from: IndexKey): Generator<[IndexKey, StoredDocument], void> {
    const { keys, documents } = this.still(index)
    for (const [key] of keys?.entriesReversed(from, undefined, true) ?? [])
      yield [key, documentAt(key, documents)]
  }

  /** Can be changed without this one noticing; costs nothing until something is written. */
  clone(): Table {
    const indexes = new Map<string, TableIndex>()
    for (const [name, { fields, tree }] of this.indexes) indexes.set(name, { fields, tree: tree.clone() })
    return new Table(indexes)
  }

  /** Replaces `before` by `after` (either may be null) in every index. */
  write(before: StoredDocument | null, after: StoredDocument | null): void {
    const oldValue = before && (documentValue(before) as Value)
    const newValue = after && (documentValue(after) as Value)
    for (const [name, { fields, tree }] of this.indexes) {
      const oldKey = oldValue === null ? null : keyOf(fields, oldValue)
      const newKey = newValue === null ? null : keyOf(fields, newValue)
      const stays = oldKey !== null && newKey !== null && oldKey === newKey
      if (oldKey !== null && !stays) tree.delete(oldKey)
      if (newKey === null || after === null) continue
      if (name === 'by_id') tree.set(newKey, after)
      else if (!stays) tree.set(newKey, undefined)
    }
  }

  private still(index: string): { keys: IndexTree | undefined; documents: IndexTree | undefined } {
    const clone = (name: string) => this.indexes.get(name)?.tree.clone()
    return { keys: clone(index), documents: clone('by_id') }
  }
}

function documentAt(key: IndexKey, documents: IndexTree | undefined): StoredDocument {
  const document = documents?.get(idKeyOf(key))
  if (!document) throw new Error('An index holds a document that is not there')
  return document
}

function emptyTree(): IndexTree {
  return new BTree<IndexKey, StoredDocument | undefined>(undefined, compareKeys, NODE_KEYS)
}
