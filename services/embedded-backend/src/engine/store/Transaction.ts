import { newDocumentId, tableOfId } from './documentId'
import { RangeReadSet } from './RangeReadSet'
import type { Snapshot } from './Snapshot'
import { storeDocument, type DocumentValue, type StoredDocument } from './StoredDocument'
import { Table } from './Table'
import { MAX_DOCUMENT_BYTES, TransactionMetrics } from './TransactionMetrics'

export interface Change {
  table: string
  id: string
  before: StoredDocument | null
  after: StoredDocument | null
}

/** Keeps the creation times of one transaction apart; exact in a float64 of this size. */
const CREATION_TIME_STEP_MS = 1 / 1024

/**
 * Reads one snapshot and collects writes on clones of its tables. The store commits it or it is forgotten; it never blocks
 * and never changes what others see.
 */
export class Transaction {
  readonly reads = new RangeReadSet()
  readonly metrics = new TransactionMetrics()
  private readonly cloned = new Map<string, Table>()
  private readonly changes: Change[] = []
  private sealed = false

  /** `firstCreationTime` in ms since 1970, after every creation time in the snapshot. */
  constructor(
    readonly snapshot: Snapshot,
    private firstCreationTime: number,
  ) {}

  /** With what was written so far; not to be written to. `undefined` for one that does not exist. */
  table(name: string): Table | undefined {
    return this.cloned.get(name) ?? this.snapshot.tables.get(name)
  }

  /** Counts nothing and remembers nothing: for the engine's own lookups. */
  peek(id: string): StoredDocument | null {
    const table = tableOfId(id)
    if (table === null) return null
    return this.table(table)?.find(id) ?? null
  }

  get(table: string, id: string): StoredDocument | null {
    this.metrics.add('databaseQueries', 1)
    this.reads.addId(table, id)
    const found = this.peek(id)
    if (found) this.countRead(found)
    return found
  }

  countRead(document: StoredDocument): void {
    this.metrics.add('documentsRead', 1)
    this.metrics.add('bytesRead', document.size)
  }

  insert(table: string, fields: DocumentValue): StoredDocument {
    const id = newDocumentId(table)
    const _creationTime = this.firstCreationTime
    this.firstCreationTime += CREATION_TIME_STEP_MS
    const document = storeDocument(table, id, { ...fields, _creationTime, _id: id })
    this.write({ table, id, before: null, after: document })
    return document
  }

  replace(before: StoredDocument, value: DocumentValue): StoredDocument {
    const after = storeDocument(before.table, before.id, value)
    this.write({ table: before.table, id: before.id, before, after })
    return after
  }

  remove(before: StoredDocument): void {
    this.write({ table: before.table, id: before.id, before, after: null })
  }

  /** A place to return to with `rollbackTo`. */
  savepoint(): number {
    return this.changes.length
  }

  /** Its clones are about to become the truth: nothing may be written any more. */
  seal(): void {
    this.sealed = true
  }

  rollbackTo(savepoint: number): void {
    if (this.sealed) return
    for (const change of this.changes.splice(savepoint).reverse()) {
      this.writable(change.table).write(change.after, change.before)
    }
  }

  /** What is left to write: one change per document, without those that are in the end what they were. */
  netChanges(): Change[] {
    const net = new Map<string, Change>()
    for (const change of this.changes) {
      const earlier = net.get(change.id)
      net.set(change.id, earlier ? { ...change, before: earlier.before } : change)
    }
    return [...net.values()].filter(({ before, after }) => before?.json !== after?.json)
  }

  writtenTables(): ReadonlyMap<string, Table> {
    return this.cloned
  }

  nextCreationTime(): number {
    return this.firstCreationTime
  }

  private write(change: Change): void {
    if (this.sealed) throw new Error('This transaction is over')
    if (change.after && change.after.size > MAX_DOCUMENT_BYTES) {
      throw new Error(`Value is too large (${change.after.size} bytes > maximum size ${MAX_DOCUMENT_BYTES})`)
    }
    this.metrics.add('documentsWritten', 1)
    this.metrics.add('bytesWritten', change.after?.size ?? 0)
    this.writable(change.table).write(change.before, change.after)
    this.changes.push(change)
  }

  private writable(table: string): Table {
    const known = this.cloned.get(table)
    if (known) return known
    const clone = this.snapshot.tables.get(table)?.clone() ?? Table.empty()
    this.cloned.set(table, clone)
    return clone
  }
}
