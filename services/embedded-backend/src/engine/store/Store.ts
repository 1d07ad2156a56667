import type { CommitLog, LoggedStore } from './CommitLog'
import { ReadWatches } from './ReadWatches'
import { Tables, type Snapshot } from './Snapshot'
import { documentValue, type StoredDocument } from './StoredDocument'
import { fieldValue } from './indexKey'
import { Table, type IndexDefinition } from './Table'
import { Transaction } from './Transaction'
import { WrittenCommit } from './WrittenCommit'

const NANOS_PER_MS = 1_000_000n
const CREATION_TIME_STEP_MS = 1 / 1024

export type IndexDefinitions = ReadonlyMap<string, readonly IndexDefinition[]>

/**
 * All committed documents. Holds the latest snapshot; `commit` is synchronous and atomic: it swaps the snapshot, hands the
 * changes to the log, and tells the listeners. Callers see to it that no other commit came between `begin` and `commit`. Commits
 * that the log could not write are taken back.
 */
export class Store implements LoggedStore {
  private current: Snapshot
  /** All of it is on the disk. */
  private durable: Snapshot
  private lost: { after: bigint; upTo: bigint; error: Error } | null = null
  /** How often commits were taken back. */
  losses = 0
  private lastCreationTime: number
  /** Who waits for which changes. */
  readonly watches: ReadWatches
  private readonly listeners = new Set<(commit: WrittenCommit) => void>()

  constructor(
    documents: Iterable<StoredDocument>,
    recoveredTs: bigint,
    definitions: IndexDefinitions,
    private readonly log: CommitLog | null,
  ) {
    const tables = new Map<string, Table>()
    for (const [name, indexes] of definitions) tables.set(name, Table.empty(indexes))
    let newest = 0
    for (const document of documents) {
      let table = tables.get(document.table)
      if (!table) tables.set(document.table, (table = Table.empty()))
      table.write(null, document)
      const created = fieldValue(documentValue(document), '_creationTime')
      if (typeof created === 'number') newest = Math.max(newest, created)
    }
    this.lastCreationTime = newest
    // Now or later than all that was recovered: clients may have seen commits that a crash lost.
    this.current = this.durable = { ts: laterTs(recoveredTs), tables: Tables.of(tables) }
    this.watches = new ReadWatches(this.current.ts)
  }

  get snapshot(): Snapshot {
    return this.current
  }

  begin(): Transaction {
    return new Transaction(this.current, Math.max(Date.now(), this.lastCreationTime + CREATION_TIME_STEP_MS))
  }

  get isWritable(): boolean {
    return this.log?.isWritable ?? true
  }

  async untilWritable(): Promise<void> {
    await this.log?.untilWritable()
  }

  /** Answers the commit's timestamp; nothing happens for a transaction that wrote nothing. Throws what `CommitLog.append` does. */
  commit(transaction: Transaction): bigint {
    if (transaction.snapshot !== this.current) {
      throw this.lossOf(transaction.snapshot.ts) ?? new Error('A transaction was committed out of turn')
    }
    transaction.seal()
    const changes = transaction.netChanges()
    if (changes.length === 0) return this.current.ts
    const ts = laterTs(this.current.ts)
    this.log?.append(ts, changes)
    this.current = { ts, tables: this.current.tables.with(transaction.writtenTables()) }
    this.lastCreationTime = transaction.nextCreationTime()
    this.tell(new WrittenCommit(ts, changes))
    return ts
  }

  /** `listener` must not throw: the commit has happened. */
  onCommit(listener: (commit: WrittenCommit) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Rebuilds all indexes for a new schema; documents stay. All commits must have been flushed. */
  redefine(definitions: IndexDefinitions): void {
    const tables = new Map<string, Table>()
    for (const [name, indexes] of definitions) tables.set(name, Table.empty(indexes))
    for (const [name, table] of this.current.tables) {
      const rebuilt = tables.get(name) ?? Table.empty()
      tables.set(name, rebuilt)
      for (const document of table.documents()) rebuilt.write(null, document)
    }
    this.current = this.durable = { ts: this.current.ts, tables: Tables.of(tables) }
  }

  /** Resolves when everything up to the commit at `ts` is on the disk; rejects if that could not be written. */
  async flush(ts = this.current.ts): Promise<void> {
    await this.log?.flush()
    const loss = this.lossOf(ts)
    if (loss) throw loss
  }

  /** As `flush`; rejects also if anything was lost since there were `losses`. */
  async flushSince(losses: number): Promise<void> {
    await this.flush()
    if (this.losses !== losses) throw this.lost?.error ?? new Error('Commits were lost')
  }

  saved(snapshot: Snapshot): void {
    this.durable = snapshot
  }

  revert(error: Error): void {
    if (this.durable === this.current) return
    this.lost = { after: this.durable.ts, upTo: this.current.ts, error }
    this.losses++
    // Later than all that clients may have seen.
    this.current = this.durable = { ts: laterTs(this.current.ts), tables: this.durable.tables }
    this.tell(new WrittenCommit(this.current.ts, 'everything'))
  }

  private lossOf(ts: bigint): Error | null {
    return this.lost && ts > this.lost.after && ts <= this.lost.upTo ? this.lost.error : null
  }

  private tell(commit: WrittenCommit): void {
    this.watches.tell(commit)
    for (const listener of this.listeners) listener(commit)
  }
}

function laterTs(than: bigint): bigint {
  const now = BigInt(Date.now()) * NANOS_PER_MS
  return now > than ? now : than + 1n
}
