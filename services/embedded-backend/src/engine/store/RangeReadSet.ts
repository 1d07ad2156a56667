import type { ReadSet } from '../types'
import { AFTER, encodeKey, rangeContains, type KeyRange } from './indexKey'
import { BUILT_IN } from './Table'
import type { WrittenCommit } from './WrittenCommit'

/** What was looked at of one index. */
export interface ReadRanges {
  table: string
  fields: readonly string[]
  ranges: KeyRange[]
}

/** The parts of indexes that a transaction looked at. Ranges may still grow while it runs. */
export class RangeReadSet implements ReadSet {
  readonly brand = 'ReadSet'
  private readonly ranges = new Map<string, ReadRanges>()

  /** `fields` are those of the index. */
  add(table: string, index: string, fields: readonly string[], range: KeyRange): void {
    // Names of tables hold no slash.
    const name = `${table}/${index}`
    const known = this.ranges.get(name)
    if (known) known.ranges.push(range)
    else this.ranges.set(name, { table, fields, ranges: [range] })
  }

  addId(table: string, id: string): void {
    const key = encodeKey([id])
    this.add(table, 'by_id', BUILT_IN.by_id, { low: key, high: key + AFTER })
  }

  /** By a name that is the index's own. */
  byIndex(): ReadonlyMap<string, ReadRanges> {
    return this.ranges
  }

  isTouchedBy(commit: WrittenCommit): boolean {
    if (commit.changes === 'everything') return this.ranges.size > 0
    for (const { table, fields, ranges } of this.ranges.values()) {
      if (!commit.writesTo(table)) continue
      for (const key of commit.keysIn(table, fields)) {
        if (ranges.some((range) => rangeContains(range, key))) return true
      }
    }
    return false
  }
}
