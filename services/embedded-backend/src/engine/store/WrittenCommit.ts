import { keyOf, type IndexKey } from './indexKey'
import { documentValue } from './StoredDocument'
import type { Change } from './Transaction'

/** What a commit wrote. `everything`: any document may have changed. */
export class WrittenCommit {
  constructor(
    readonly ts: bigint,
    readonly changes: readonly Change[] | 'everything',
  ) {}

  writesTo(table: string): boolean {
    return this.changes === 'everything' || this.changes.some((change) => change.table === table)
  }

  /** The keys of an index of `table` that appeared, vanished, or now stand for another document. Most commits are never asked. */
  *keysIn(table: string, fields: readonly string[]): Generator<IndexKey, void> {
    if (this.changes === 'everything') return
    for (const change of this.changes) {
      if (change.table !== table) continue
      for (const document of [change.before, change.after]) {
        if (document !== null) yield keyOf(fields, documentValue(document))
      }
    }
  }
}
