import { rangeContains, type KeyRange } from './indexKey'
import type { RangeReadSet, WrittenCommit } from './RangeReadSet'

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
  range: KeyRange
  watch: Watch
}

/**
 * Who waits for what is committed to which part of which index. A commit looks only at those who read an index that it wrote to, and
 * of these, where a range is that of one value of the first field (a machine's workers), only at those of the values it wrote.
 */
export class ReadWatches {
  private readonly indexes = new Map<string, Map<FirstField, Set<Entry>>>()
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
    for (const [index, ranges] of reads.byIndex()) {
      for (const range of ranges) watch.entries.push({ index, range, watch })
    }
    for (const entry of watch.entries) this.add(entry)
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

  private touchedBy({ keys }: WrittenCommit): Iterable<Watch> {
    if (keys === 'everything') return [...this.watches]
    const touched = new Set<Watch>()
    for (const [name, written] of keys) {
      const index = this.indexes.get(name)
      if (!index) continue
      for (const key of written) {
        for (const entries of [index.get(fieldOf(key[0])), index.get(ANY)]) {
          for (const { range, watch } of entries ?? []) {
            if (!touched.has(watch) && rangeContains(range, key)) touched.add(watch)
          }
        }
      }
    }
    return touched
  }

  private add(entry: Entry): void {
    let index = this.indexes.get(entry.index)
    if (!index) this.indexes.set(entry.index, (index = new Map<FirstField, Set<Entry>>()))
    const first = firstOf(entry.range)
    const entries = index.get(first)
    if (entries) entries.add(entry)
    else index.set(first, new Set([entry]))
  }

  private forget(watch: Watch): void {
    if (!this.watches.delete(watch)) return
    for (const entry of watch.entries) {
      const index = this.indexes.get(entry.index)
      const first = firstOf(entry.range)
      const entries = index?.get(first)
      entries?.delete(entry)
      if (entries?.size === 0) index?.delete(first)
      if (index?.size === 0) this.indexes.delete(entry.index)
    }
  }
}

/** Where a range's keys may begin with anything. */
const ANY = Symbol('any')
const OTHER = Symbol('no string')
type FirstField = string | typeof ANY | typeof OTHER

/** The string that all keys of a range begin with. */
function firstOf({ low, high }: KeyRange): string | typeof ANY {
  const [first] = low
  return typeof first === 'string' && first === high[0] ? first : ANY
}

function fieldOf(part: unknown): string | typeof OTHER {
  return typeof part === 'string' ? part : OTHER
}
