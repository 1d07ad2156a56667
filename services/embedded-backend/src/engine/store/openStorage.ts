import { access, constants, mkdir, open } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { CommitLog } from './CommitLog'
import { FileCommitLog } from './FileCommitLog'
import { lockFolder } from './folderLock'
import { recoverDocuments } from './recoverDocuments'
import { storageFailure } from './storageFailure'
import type { StoredDocument } from './StoredDocument'

export interface StorageTuning {
  /** How long commits that nobody waits for are gathered before one write and fsync, in ms. */
  flushIntervalMs?: number
  /** Bytes of log after which a snapshot replaces it. */
  compactAfterBytes?: number
  /** How long after a failed write it is tried again, in ms. */
  retryMs?: number
  /** Opens logs and snapshots; for tests of disks that fail. */
  openFile?: typeof open
}

export interface OpenStorage {
  documents: readonly StoredDocument[]
  ts: bigint
  /** Null where nothing is kept. */
  log: CommitLog | null
  /** Gives the folder up; after the log was closed. */
  release: () => Promise<void>
}

const FLUSH_INTERVAL_MS = 50
const COMPACT_AFTER_BYTES = 16 << 20
const RETRY_MS = 1_000
const OWNER_ONLY = 0o700

/** Throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_FULL, DATA_FOLDER_READ_ONLY, DATA_FOLDER_LOCKED or LOG_CORRUPT. */
export async function openStorage(
  dataDir: string,
  logger: Logger,
  tuning: StorageTuning,
): Promise<OpenStorage> {
  if (dataDir === ':memory:') return { documents: [], ts: 0n, log: null, release: () => Promise.resolve() }
  const release = await takeFolder(dataDir)
  try {
    const { documents, ts, generation, logBytes } = await recoverDocuments(dataDir, logger)
    const log = await FileCommitLog.open({
      ...{ dataDir, generation, logBytes, logger },
      flushIntervalMs: tuning.flushIntervalMs ?? FLUSH_INTERVAL_MS,
      compactAfterBytes: tuning.compactAfterBytes ?? COMPACT_AFTER_BYTES,
      retryMs: tuning.retryMs ?? RETRY_MS,
      openFile: tuning.openFile ?? open,
    })
    return { documents, ts, log, release }
  } catch (error) {
    await release()
    throw storageFailure(dataDir, error)
  }
}

/** Makes the folder if need be, and locks it. */
async function takeFolder(dataDir: string): Promise<() => Promise<void>> {
  try {
    await makeFolder(dataDir)
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    return await lockFolder(dataDir)
  } catch (cause) {
    throw storageFailure(dataDir, cause)
  }
}

async function makeFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    // What Node says of a read-only file system too; the plain call says which it is.
    await mkdir(dataDir, { mode: OWNER_ONLY })
  }
}
