import { readFile, rm, truncate } from 'node:fs/promises'
import type { Logger } from 'pino'
import { EmbeddedBackendError } from '../../errors'
import { listDataFiles, logFile, snapshotFile } from './dataFiles'
import { tableOfId } from './documentId'
import { readRecords, type LogRecord } from './logRecord'
import { StoredDocument } from './StoredDocument'

export interface Recovered {
  documents: StoredDocument[]
  ts: bigint
  /** The log to append to. */
  generation: number
  logBytes: number
}

/**
 * Reads the data folder: the newest snapshot, then the logs since. A torn last record (a write that a crash cut off) is dropped
 * with a warning; anything else that does not add up throws LOG_CORRUPT and changes nothing.
 */
export async function recoverDocuments(dataDir: string, logger: Logger): Promise<Recovered> {
  const { snapshots, logs, unfinished } = await listDataFiles(dataDir)
  const base = snapshots.at(-1) ?? 1
  const documents = new Map<string, StoredDocument>()
  let ts = 0n
  const apply = (record: LogRecord) => {
    ts = BigInt(record.ts)
    for (const fields of record.put) documents.set(fields._id, restore(fields))
    for (const id of record.remove) documents.delete(id)
  }
  if (snapshots.length > 0) {
    const path = snapshotFile(dataDir, base)
    const total = applyFile(path, await readFile(path), apply, null).last?.total
    if (total !== documents.size) throw corrupt(path, 'it is not complete')
  }
  const needed = logs.filter((generation) => generation >= base)
  const newest = needed.at(-1) ?? base
  let logBytes = 0
  for (let generation = base; generation <= newest && needed.length > 0; generation++) {
    const path = logFile(dataDir, generation)
    if (!needed.includes(generation)) throw corrupt(path, 'it is missing')
    const bytes = await readFile(path)
    const { length } = applyFile(path, bytes, apply, generation === newest ? logger : null)
    if (length < bytes.length) await truncate(path, length)
    logBytes = length
  }
  const obsolete = [
    ...unfinished,
    ...snapshots
      .filter((generation) => generation < base)
      .map((generation) => snapshotFile(dataDir, generation)),
    ...logs.filter((generation) => generation < base).map((generation) => logFile(dataDir, generation)),
  ]
  for (const path of obsolete) await rm(path, { force: true })
  return { documents: [...documents.values()], ts, generation: newest, logBytes }
}

/** Answers how many bytes of the file count. With a logger a torn last record is forgiven. */
function applyFile(
  path: string,
  bytes: Buffer,
  apply: (record: LogRecord) => void,
  forgiving: Logger | null,
): { length: number; last: LogRecord | null } {
  let length = 0
  let last: LogRecord | null = null
  for (const read of readRecords(bytes)) {
    if (read.kind === 'record') {
      apply(read.record)
      length = read.end
      last = read.record
    } else if (forgiving && read.isLast) {
      forgiving.warn({ file: path, byte: read.start }, 'dropped a torn last record')
    } else {
      throw corrupt(path, `the record at byte ${read.start} is damaged`)
    }
  }
  return { length, last }
}

function restore(fields: LogRecord['put'][number]): StoredDocument {
  return new StoredDocument(tableOfId(fields._id) ?? '', fields._id, JSON.stringify(fields))
}

function corrupt(path: string, why: string): EmbeddedBackendError {
  return new EmbeddedBackendError(
    'LOG_CORRUPT',
    `The data file ${path} is corrupt: ${why}; restore the folder from a copy, or move it away to start anew`,
  )
}
