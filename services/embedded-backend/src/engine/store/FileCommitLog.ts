import { rm, statfs, type open } from 'node:fs/promises'
import type { Logger } from 'pino'
import { Serial } from '../Serial'
import type { CommitLog, LoggedStore } from './CommitLog'
import { logFile, syncFolder } from './dataFiles'
import { LogFile } from './LogFile'
import { encodeRecord } from './logRecord'
import type { Snapshot } from './Snapshot'
import { storageFailure } from './storageFailure'
import type { Change } from './Transaction'
import { writeSnapshot } from './writeSnapshot'

export interface FileCommitLogOptions {
  dataDir: string
  generation: number
  logBytes: number
  /** How long commits are gathered before one write and fsync. */
  flushIntervalMs: number
  compactAfterBytes: number
  /** How long after a failure it is tried whether the folder can be written again. */
  retryMs: number
  openFile: typeof open
  logger: Logger
}

interface Gathered {
  ts: bigint
  documents: Map<string, string | null>
}

/** Below this much free space a full disk still counts as full. */
const ENOUGH_BYTES = 1 << 20

/**
 *  open ──write error──▶ failing ──a write succeeds──▶ open
 *    └───────────────close───┴──────▶ closed
 *
 * Appends commits to the current log file. What is gathered within one interval becomes one record, so that after a crash a
 * group is there as a whole or not at all. A group that cannot be written is taken back from the store, and nothing is accepted
 * until the folder can be written again.
 */
export class FileCommitLog implements CommitLog {
  private state: { name: 'open' } | { name: 'failing'; error: Error } | { name: 'closed' } = { name: 'open' }
  private gathered: Gathered | null = null
  /** The write that will take along what is gathered, once somebody waits for it. */
  private next: Promise<void> | null = null
  private timer: NodeJS.Timeout | null = null
  private retry: NodeJS.Timeout | null = null
  private readonly writes = new Serial()
  private readonly waiting: (() => void)[] = []
  private compaction: Promise<void> | null = null
  private store: LoggedStore | null = null
  private generation: number
  private compactAtBytes: number

  private constructor(
    private file: LogFile,
    private readonly options: FileCommitLogOptions,
  ) {
    this.generation = options.generation
    this.compactAtBytes = options.compactAfterBytes
  }

  static async open(options: FileCommitLogOptions): Promise<FileCommitLog> {
    const { dataDir, generation, logBytes, openFile } = options
    const file = await LogFile.open(logFile(dataDir, generation), logBytes, openFile)
    await syncFolder(dataDir)
    return new FileCommitLog(file, options)
  }

  get isWritable(): boolean {
    return this.state.name === 'open'
  }

  untilWritable(): Promise<void> {
    if (this.isWritable) return Promise.resolve()
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  attach(store: LoggedStore): void {
    this.store = store
  }

  append(ts: bigint, changes: readonly Change[]): void {
    if (this.state.name === 'failing') throw this.state.error
    if (this.state.name === 'closed') throw new Error('The backend is closed')
    const gathered = (this.gathered ??= { ts, documents: new Map() })
    gathered.ts = ts
    for (const { id, after } of changes) gathered.documents.set(id, after?.json ?? null)
    this.timer ??= setTimeout(() => {
      // It was logged, and the store has taken back what was not written.
      this.flush().catch(() => undefined)
    }, this.options.flushIntervalMs)
  }

  /** All who wait for what is gathered wait for one write; none waits for what came after its own. */
  flush(): Promise<void> {
    if (!this.gathered) return this.writes.idle()
    this.next ??= this.writes.run(() => {
      this.next = null
      return this.writeGathered()
    })
    return this.next
  }

  async close(): Promise<void> {
    if (this.state.name === 'closed') return
    try {
      await this.flush()
      await this.compaction
    } finally {
      this.state = { name: 'closed' }
      for (const timer of [this.timer, this.retry]) if (timer) clearTimeout(timer)
      await this.writes.idle()
      await this.file.close()
    }
  }

  private async writeGathered(): Promise<void> {
    const gathered = this.gathered
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.gathered = null
    if (!gathered || !this.store) return
    const { snapshot } = this.store
    const put: string[] = []
    const remove: string[] = []
    for (const [id, json] of gathered.documents) {
      if (json === null) remove.push(id)
      else put.push(json)
    }
    try {
      await this.file.append(encodeRecord(gathered.ts, put, remove))
    } catch (cause: unknown) {
      throw await this.fail(cause)
    }
    this.store.saved(snapshot)
    if (this.file.bytes > this.compactAtBytes && !this.compaction) await this.startCompaction(snapshot)
  }

  private async fail(cause: unknown): Promise<Error> {
    const { dataDir, logger } = this.options
    const error = storageFailure(dataDir, cause)
    this.state = { name: 'failing', error }
    this.gathered = null
    this.store?.revert(error)
    const { code, message } = error
    logger.error({ event: 'storage.failing', code, err: cause }, `${message}: nothing is accepted until then`)
    // So that a restart does not find what was answered as failed; tried again before the next write.
    await this.file.cut().catch(() => undefined)
    this.retryLater()
    return error
  }

  private retryLater(): void {
    this.retry = setTimeout(() => void this.writes.run(() => this.tryAgain()), this.options.retryMs)
  }

  private async tryAgain(): Promise<void> {
    if (this.state.name !== 'failing') return
    const { dataDir, logger } = this.options
    try {
      const { bavail, bsize } = await statfs(dataDir)
      if (bavail * bsize < ENOUGH_BYTES) throw new Error('There is hardly any space')
      await this.file.cut()
      await this.file.append(encodeRecord(this.store?.snapshot.ts ?? 0n, [], []))
    } catch {
      // Why is known from the first failure.
      this.retryLater()
      return
    }
    this.state = { name: 'open' }
    logger.info({ event: 'storage.recovered' }, `The data folder ${dataDir} can be written again`)
    for (const resume of this.waiting.splice(0)) resume()
  }

  /** From here on commits go to the next log; the snapshot that makes the earlier files obsolete is written beside. */
  private async startCompaction(snapshot: Snapshot): Promise<void> {
    const { dataDir, compactAfterBytes, openFile } = this.options
    const path = logFile(dataDir, this.generation + 1)
    let next: LogFile | null = null
    try {
      next = await LogFile.open(path, 0, openFile)
      await syncFolder(dataDir)
    } catch (error) {
      await next?.close()
      await rm(path, { force: true })
      this.compactAtBytes = this.file.bytes + compactAfterBytes
      this.notCompacted(error)
      return
    }
    const full = this.file
    this.file = next
    this.generation++
    this.compactAtBytes = compactAfterBytes
    await full.close()
    this.compaction = writeSnapshot(dataDir, this.generation, snapshot, openFile)
      .catch((error: unknown) => this.notCompacted(error))
      .finally(() => (this.compaction = null))
  }

  /** The logs still hold everything: that costs space only. */
  private notCompacted(error: unknown): void {
    this.options.logger.error({ event: 'storage.notCompacted', err: error }, 'the log could not be compacted')
  }
}
