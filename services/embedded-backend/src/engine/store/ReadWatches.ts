import { firstText, rangeContains, type KeyRange } from './indexKey'
import type { RangeReadSet, ReadRanges } from './RangeReadSet'
import type { WrittenCommit } from './WrittenCommit'

/** How many commits are remembered: far more than happen while a query runs. */
const REMEMBERED = 1_000

type OnTouched = (ts: bigint) => void

interface Watch {
  onTouched: OnTouched
  /** Where it is found. */
  entries: Entry[]
}

interface Entry {
  index: string
  table: string
  range: KeyRange
  watch: Watch
}

interface WatchedIndex {
  fields: readonly string[]
  entries: Map<FirstField, Set<Entry>>
}

/**
 * Who waits for what is committed to which part of which index. A commit looks only at those who read an index that it wrote to, and
 * of these, where a range is that of one value of the first field (a machine's workers), only at those of the values it wrote.
 */
export class ReadWatches {
  /** By table, then by index. */
  private readonly tables = new Map<string, Map<string, WatchedIndex>>()
  private readonly watches = new Set<Watch>()
  private readonly recent: WrittenCommit[] = []
  /** What was committed up to here is forgotten. */
  private forgottenUpTo: bigint

  constructor(latestTs: bigint) {
    this.forgottenUpTo = latestTs
  }

  /**
   * Calls `onTouched`, once, with the first commit after `ts` that touches `reads`: at once if that has come already. Returns the
   * end of the watch.
   */
  watch(reads: RangeReadSet, ts: bigint, onTouched: OnTouched): () => void {
    const missed = this.firstTouch(reads, ts)
    if (missed !== null) {
      onTouched(missed)
      return () => undefined
    }
    const watch: Watch = { onTouched, entries: [] }
    this.watches.add(watch)
    for (const [index, read] of reads.byIndex()) this.add(watch, index, read)
    return () => this.forget(watch)
  }

  /**
   * The first commit after `after` (and not after `upTo`, if that is given) that touches `reads`; `null` if there is none. What is too long
   * ago to be known counts as touched.
   */
  firstTouch(reads: RangeReadSet, after: bigint, upTo?: bigint): bigint | null {
    if (after < this.forgottenUpTo) return this.forgottenUpTo
    let first: bigint | null = null
    for (let i = this.recent.length - 1; i >= 0; i--) {
      const commit = this.recent[i]
      if (commit === undefined || commit.ts <= after) break
      if ((upTo === undefined || commit.ts <= upTo) && reads.isTouchedBy(commit)) first = commit.ts
    }
    return first
  }

  /** To be called with every commit, in order. */
  tell(commit: WrittenCommit): void {
    this.recent.push(commit)
    if (this.recent.length > REMEMBERED) this.forgottenUpTo = this.recent.shift()?.ts ?? this.forgottenUpTo
    for (const watch of this.touchedBy(commit)) {
      this.forget(watch)
      watch.onTouched(commit.ts)
    }
  }

  private touchedBy(commit: WrittenCommit): Iterable<Watch> {
    const { changes } = commit
    if (changes === 'everything') return [...this.watches]
    const touched = new Set<Watch>()
    for (const table of new Set(changes.map((change) => change.table))) {
      for (const { fields, entries } of this.tables.get(table)?.values() ?? []) {
        for (const key of commit.keysIn(table, fields)) {
          for (const first of [firstText(key), undefined]) {
            for (const { range, watch } of entries.get(first) ?? []) {
              if (!touched.has(watch) && rangeContains(range, key)) touched.add(watch)
            }
          }
        }
      }
    }
    return touched
  }

  private add(watch: Watch, index: string, { table, fields, ranges }: ReadRanges): void {
    const indexes = known(this.tables, table, () => new Map<string, WatchedIndex>())
    const { entries } = known(indexes, index, () => ({ fields, entries: new Map<FirstField, Set<Entry>>() }))
    for (const range of ranges) {
      const entry = { index, table, range, watch }
      watch.entries.push(entry)
      known(entries, firstOf(range), () => new Set<Entry>()).add(entry)
    }
  }

  private forget(watch: Watch): void {
    if (!this.watches.delete(watch)) return
    for (const entry of watch.entries) {
      const { table, index } = entry
      const indexes = this.tables.get(table)
      const watched = indexes?.get(index)
      const first = firstOf(entry.range)
      const entries = watched?.entries.get(first)
      entries?.delete(entry)
      if (entries?.size === 0) watched?.entries.delete(first)
      if (watched?.entries.size === 0) indexes?.delete(index)
      if (indexes?.size === 0) this.tables.delete(table)
    }
  }
}

function known<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

/** Where the keys of a range may begin with anything: `undefined`. */
type FirstField = string | undefined

/** The text that all keys of a range begin with. */
function firstOf({ low, high }: KeyRange): FirstField {
  const first = firstText(low)
  return first === firstText(high) ? first : undefined
}
