import type { ReadSet } from '../types'
import { AFTER, BEFORE, rangeContains, type IndexKey, type KeyRange } from './indexKey'

/** Table and index name as one map key; table names hold no slash. */
export function indexName(table: string, index: string): string {
  return `${table}/${index}`
}

/** The parts of indexes that a transaction looked at. Ranges may still grow while it runs. */
export class RangeReadSet implements ReadSet {
  readonly brand = 'ReadSet'
  private readonly ranges = new Map<string, KeyRange[]>()

  add(table: string, index: string, range: KeyRange): void {
    const name = indexName(table, index)
    const known = this.ranges.get(name)
    if (known) known.push(range)
    else this.ranges.set(name, [range])
  }

  addId(table: string, id: string): void {
    this.add(table, 'by_id', { low: [id, BEFORE], high: [id, AFTER] })
  }

  /** By `indexName`. */
  byIndex(): ReadonlyMap<string, readonly KeyRange[]> {
    return this.ranges
  }

  isTouchedBy(commit: WrittenCommit): boolean {
    if (commit.keys === 'everything') return this.ranges.size > 0
    for (const [name, ranges] of this.ranges) {
      const keys = commit.keys.get(name)
      if (keys?.some((key) => ranges.some((range) => rangeContains(range, key)))) return true
    }
    return false
  }
}

/** What a commit wrote: for each index the keys that appeared, vanished, or now hold another document. `everything`: any may have. */
export class WrittenCommit {
  constructor(
    readonly ts: bigint,
    readonly keys: ReadonlyMap<string, readonly IndexKey[]> | 'everything',
  ) {}

  writesTo(table: string): boolean {
    return this.keys === 'everything' || this.keys.has(indexName(table, 'by_id'))
  }
}
