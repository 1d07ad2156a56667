import type { Commit, Engine } from '../../engine/types'
import type { Calls, SubscribedRun } from '../Calls'

const KEPT = 1_000

/** The last commits, for telling whether a query answered a moment ago what it answers now. */
export class RecentCommits {
  private readonly commits: Commit[] = []
  /** What was committed up to here is forgotten. */
  private forgottenUpTo: bigint
  readonly stop: () => void

  constructor(
    engine: Engine,
    private readonly calls: Calls,
  ) {
    this.forgottenUpTo = engine.latestTs()
    this.stop = engine.onCommit((commit) => {
      this.commits.push(commit)
      if (this.commits.length > KEPT) this.forgottenUpTo = this.commits.shift()?.ts ?? this.forgottenUpTo
    })
  }

  /** `false` also when that is too long ago to know. */
  untouchedSince(ts: bigint, run: SubscribedRun): boolean {
    if (ts < this.forgottenUpTo) return false
    return !this.commits.some(
      (commit) => commit.ts > ts && commit.ts <= run.ts && this.calls.touches(run, commit),
    )
  }
}
