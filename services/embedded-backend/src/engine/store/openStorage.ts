import { access, constants, mkdir } from 'node:fs/promises'
import type { Logger } from 'pino'
import { EmbeddedBackendError } from '../../errors'
import type { CommitLog } from './CommitLog'
import { FileCommitLog } from './FileCommitLog'
import { lockFolder } from './folderLock'
import { recoverDocuments } from './recoverDocuments'
import type { StoredDocument } from './StoredDocument'

export interface StorageTuning {
  /** How long commits are gathered before one write and fsync, in ms; what `kill -9` may cost. */
  flushIntervalMs?: number
  /** Bytes of log after which a snapshot replaces it. */
  compactAfterBytes?: number
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

/** Throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_LOCKED or LOG_CORRUPT. */
export async function openStorage(
  dataDir: string,
  logger: Logger,
  tuning: StorageTuning,
): Promise<OpenStorage> {
  if (dataDir === ':memory:') return { documents: [], ts: 0n, log: null, release: () => Promise.resolve() }
  await prepareFolder(dataDir)
  const release = await lockFolder(dataDir)
  try {
    const { documents, ts, generation, logBytes } = await recoverDocuments(dataDir, logger)
    const { flushIntervalMs = FLUSH_INTERVAL_MS, compactAfterBytes = COMPACT_AFTER_BYTES } = tuning
    const log = await FileCommitLog.open({
      ...{ dataDir, generation, logBytes, flushIntervalMs, compactAfterBytes, logger },
    })
    return { documents, ts, log, release }
  } catch (error) {
    await release()
    throw error
  }
}

async function prepareFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new EmbeddedBackendError(
      'DATA_FOLDER_UNUSABLE',
      `The data folder ${dataDir} cannot be used (${code}); choose one that can be written`,
      { cause },
    )
  }
}
