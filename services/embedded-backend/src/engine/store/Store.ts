import type { CommitLog } from './CommitLog'
import { WrittenCommit } from './RangeReadSet'
import { emptyTable, writeToTable, type IndexDefinition, type Snapshot, type Table } from './Snapshot'
import { documentValue, type StoredDocument } from './StoredDocument'
import { fieldValue } from './indexKey'
import { Transaction } from './Transaction'

const NANOS_PER_MS = 1_000_000n
const CREATION_TIME_STEP_MS = 1 / 1024

export type IndexDefinitions = ReadonlyMap<string, readonly IndexDefinition[]>

/**
 * All committed documents. Holds the latest snapshot; `commit` is synchronous and atomic: it swaps the snapshot, hands the
 * changes to the log, and tells the listeners. Callers see to it that no other commit came between `begin` and `commit`.
 */
export class Store {
  private current: Snapshot
  private lastCreationTime: number
  private readonly listeners = new Set<(commit: WrittenCommit) => void>()

  constructor(
    documents: Iterable<StoredDocument>,
    recoveredTs: bigint,
    definitions: IndexDefinitions,
    private readonly log: CommitLog | null,
  ) {
    const tables = new Map<string, Table>()
    for (const [name, indexes] of definitions) tables.set(name, emptyTable(indexes))
    let newest = 0
    for (const document of documents) {
      let table = tables.get(document.table)
      if (!table) tables.set(document.table, (table = emptyTable()))
      writeToTable(table, null, document)
      const created = fieldValue(documentValue(document), '_creationTime')
      if (typeof created === 'number') newest = Math.max(newest, created)
    }
    this.lastCreationTime = newest
    // Now or later than all that was recovered: clients may have seen commits that a crash lost.
    this.current = { ts: laterTs(recoveredTs), tables }
  }

  get snapshot(): Snapshot {
    return this.current
  }

  begin(): Transaction {
    return new Transaction(this.current, Math.max(Date.now(), this.lastCreationTime + CREATION_TIME_STEP_MS))
  }

  /** Answers the commit's timestamp; nothing happens for a transaction that wrote nothing. */
  commit(transaction: Transaction): bigint {
    if (transaction.snapshot !== this.current) throw new Error('A transaction was committed out of turn')
    transaction.seal()
    const changes = transaction.netChanges()
    if (changes.length === 0) return this.current.ts
    const ts = laterTs(this.current.ts)
    this.log?.append(ts, changes)
    this.current = { ts, tables: new Map([...this.current.tables, ...transaction.writtenTables()]) }
    this.lastCreationTime = transaction.nextCreationTime()
    const commit = new WrittenCommit(ts, transaction.writtenKeys())
    for (const listener of this.listeners) listener(commit)
    return ts
  }

  /** `listener` must not throw: the commit has happened. */
  onCommit(listener: (commit: WrittenCommit) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Rebuilds all indexes for a new schema; documents stay. */
  redefine(definitions: IndexDefinitions): void {
    const tables = new Map<string, Table>()
    for (const [name, indexes] of definitions) tables.set(name, emptyTable(indexes))
    for (const [name, table] of this.current.tables) {
      const rebuilt = tables.get(name) ?? emptyTable()
      tables.set(name, rebuilt)
      for (const document of documentsOf(table)) writeToTable(rebuilt, null, document)
    }
    this.current = { ts: this.current.ts, tables }
  }

  /** Resolves when all that was committed is on the disk. */
  async flush(): Promise<void> {
    await this.log?.flush()
  }
}

export function* documentsOf(table: Table): Generator<StoredDocument, void> {
  yield* table.get('by_creation_time')?.tree.values() ?? []
}

function laterTs(than: bigint): bigint {
  const now = BigInt(Date.now()) * NANOS_PER_MS
  return now > than ? now : than + 1n
}
