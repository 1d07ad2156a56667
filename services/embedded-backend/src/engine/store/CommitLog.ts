import type { Snapshot } from './Snapshot'
import type { Change } from './Transaction'

export interface CommitLog {
  /** Says what to write into a snapshot. */
  attach(latest: () => Snapshot): void
  append(ts: bigint, changes: readonly Change[]): void
  flush(): Promise<void>
  close(): Promise<void>
}
