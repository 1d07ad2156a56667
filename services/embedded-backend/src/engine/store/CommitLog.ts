import type { Snapshot } from './Snapshot'
import type { Change } from './Transaction'

/** What a log asks of the store whose commits it keeps. */
export interface LoggedStore {
  readonly snapshot: Snapshot
  /** Everything up to this snapshot is on the disk. */
  saved(snapshot: Snapshot): void
  /** What was committed since the last saved snapshot could not be written: it never happened. */
  revert(error: Error): void
}

export interface CommitLog {
  attach(store: LoggedStore): void
  /** Throws DATA_FOLDER_FULL, DATA_FOLDER_READ_ONLY or DATA_FOLDER_UNUSABLE while the folder cannot be written. */
  append(ts: bigint, changes: readonly Change[]): void
  /** Resolves when all that was appended is on the disk; rejects like `append`. */
  flush(): Promise<void>
  readonly isWritable: boolean
  /** Resolves at once, or when the folder can be written again; never after `close`. */
  untilWritable(): Promise<void>
  close(): Promise<void>
}
