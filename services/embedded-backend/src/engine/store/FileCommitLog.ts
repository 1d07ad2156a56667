import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import type { Logger } from 'pino'
import { Serial } from '../Serial'
import type { CommitLog } from './CommitLog'
import { listDataFiles, logFile, snapshotFile, syncFolder, unfinishedFile } from './dataFiles'
import { encodeRecord } from './logRecord'
import type { Snapshot } from './Snapshot'
import { documentsOf } from './Store'
import type { Change } from './Transaction'

export interface FileCommitLogOptions {
  dataDir: string
  generation: number
  logBytes: number
  /** How long commits are gathered before one write and fsync. */
  flushIntervalMs: number
  compactAfterBytes: number
  logger: Logger
}

interface Gathered {
  ts: bigint
  documents: Map<string, string | null>
}

/** Documents are written into a snapshot in records of about this many characters. */
const SNAPSHOT_RECORD_CHARS = 1 << 20

/**
 *  open ──write error──▶ failed ──close──▶ closed
 *    └───────────────close───────────────────▲
 *
 * Appends commits to the current log file. What is gathered within one interval becomes one record, so that after a crash a
 * group is there as a whole or not at all. After a write error nothing is accepted any more: what is answered as done
 * must not be lost.
 */
export class FileCommitLog implements CommitLog {
  private state: { name: 'open' } | { name: 'failed'; error: unknown } | { name: 'closed' } = { name: 'open' }
  private gathered: Gathered | null = null
  private timer: NodeJS.Timeout | null = null
  private readonly writes = new Serial()
  private compaction: Promise<void> | null = null
  private latest: (() => Snapshot) | null = null
  private generation: number
  private logBytes: number

  private constructor(
    private file: FileHandle,
    private readonly options: FileCommitLogOptions,
  ) {
    this.generation = options.generation
    this.logBytes = options.logBytes
  }

  static async open(options: FileCommitLogOptions): Promise<FileCommitLog> {
    const file = await open(logFile(options.dataDir, options.generation), 'a')
    await syncFolder(options.dataDir)
    return new FileCommitLog(file, options)
  }

  attach(latest: () => Snapshot): void {
    this.latest = latest
  }

  append(ts: bigint, changes: readonly Change[]): void {
    if (this.state.name === 'failed')
      throw new Error('The data folder cannot be written', { cause: this.state.error })
    if (this.state.name === 'closed') throw new Error('The backend is closed')
    const gathered = (this.gathered ??= { ts, documents: new Map() })
    gathered.ts = ts
    for (const { id, after } of changes) gathered.documents.set(id, after?.json ?? null)
    this.timer ??= setTimeout(() => {
      // The failure is kept in the state, and everybody who commits or flushes from now on hears of it.
      this.flush().catch((error: unknown) =>
        this.options.logger.fatal({ error }, 'the data folder cannot be written'),
      )
    }, this.options.flushIntervalMs)
  }

  flush(): Promise<void> {
    return this.writes.run(() => this.writeGathered())
  }

  async close(): Promise<void> {
    if (this.state.name === 'closed') return
    try {
      await this.flush()
      await this.compaction
    } finally {
      this.state = { name: 'closed' }
      if (this.timer) clearTimeout(this.timer)
      await this.file.close()
    }
  }

  private async writeGathered(): Promise<void> {
    if (this.state.name === 'failed')
      throw new Error('The data folder cannot be written', { cause: this.state.error })
    const gathered = this.gathered
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.gathered = null
    if (!gathered) return
    try {
      const put: string[] = []
      const remove: string[] = []
      for (const [id, json] of gathered.documents) {
        if (json === null) remove.push(id)
        else put.push(json)
      }
      const record = encodeRecord(gathered.ts, put, remove)
      await this.file.appendFile(record)
      await this.file.datasync()
      this.logBytes += record.length
      if (this.logBytes > this.options.compactAfterBytes && !this.compaction) await this.startCompaction()
    } catch (error) {
      this.state = { name: 'failed', error }
      throw error
    }
  }

  /** From here on commits go to the next log; the snapshot that makes the earlier files obsolete is written beside. */
  private async startCompaction(): Promise<void> {
    const snapshot = this.latest?.()
    if (!snapshot) return
    const next = await open(logFile(this.options.dataDir, this.generation + 1), 'a')
    await syncFolder(this.options.dataDir)
    const full = this.file
    this.file = next
    this.generation++
    this.logBytes = 0
    await full.close()
    this.compaction = writeSnapshot(this.options.dataDir, this.generation, snapshot)
      // The logs still hold everything: a failed compaction costs space only.
      .catch((error: unknown) => this.options.logger.error({ error }, 'the log could not be compacted'))
      .finally(() => (this.compaction = null))
  }
}

async function writeSnapshot(dataDir: string, generation: number, snapshot: Snapshot): Promise<void> {
  const path = snapshotFile(dataDir, generation)
  const file = await open(unfinishedFile(path), 'w')
  try {
    let total = 0
    let chars = 0
    let put: string[] = []
    for (const table of snapshot.tables.values()) {
      for (const { json } of documentsOf(table)) {
        put.push(json)
        total++
        chars += json.length
        if (chars < SNAPSHOT_RECORD_CHARS) continue
        await file.appendFile(encodeRecord(snapshot.ts, put, []))
        put = []
        chars = 0
      }
    }
    await file.appendFile(encodeRecord(snapshot.ts, put, [], total))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinishedFile(path), path)
  await syncFolder(dataDir)
  const { snapshots, logs } = await listDataFiles(dataDir)
  for (const old of snapshots) if (old < generation) await rm(snapshotFile(dataDir, old), { force: true })
  for (const old of logs) if (old < generation) await rm(logFile(dataDir, old), { force: true })
}
