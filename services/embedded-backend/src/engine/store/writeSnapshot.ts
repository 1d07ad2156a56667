import { rename, rm, type FileHandle, type open } from 'node:fs/promises'
import { listDataFiles, logFile, snapshotFile, syncFolder, unfinishedFile } from './dataFiles'
import { encodeRecord } from './logRecord'
import type { Snapshot } from './Snapshot'

/** Characters of documents in one record: what is encoded between two commits, in well under a millisecond. */
const RECORD_CHARS = 1 << 16
/** Bytes after which the disk is waited for, so that commits never wait behind the whole snapshot. */
const SYNC_AFTER_BYTES = 1 << 20

/**
 * Writes the snapshot that replaces all files before `generation`, in slices that let commits pass, and removes those files.
 * Nothing of it stays after an error.
 */
export async function writeSnapshot(
  dataDir: string,
  generation: number,
  snapshot: Snapshot,
  openFile: typeof open,
): Promise<void> {
  const path = snapshotFile(dataDir, generation)
  const unfinished = unfinishedFile(path)
  try {
    const file = await openFile(unfinished, 'w')
    try {
      await writeRecords(file, snapshot)
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  await syncFolder(dataDir)
  const { snapshots, logs } = await listDataFiles(dataDir)
  for (const old of snapshots) if (old < generation) await rm(snapshotFile(dataDir, old), { force: true })
  for (const old of logs) if (old < generation) await rm(logFile(dataDir, old), { force: true })
}

async function writeRecords(file: FileHandle, snapshot: Snapshot): Promise<void> {
  let unsynced = 0
  for (const { put, total } of slices(snapshot)) {
    const record = encodeRecord(snapshot.ts, put, [], total)
    await file.appendFile(record)
    unsynced += record.length
    if (unsynced < SYNC_AFTER_BYTES) continue
    await file.datasync()
    unsynced = 0
  }
  await file.sync()
}

/** The last one says how many documents there are. */
function* slices(snapshot: Snapshot): Generator<{ put: string[]; total?: number }, void> {
  let total = 0
  let chars = 0
  let put: string[] = []
  for (const [, table] of snapshot.tables) {
    for (const { json } of table.documents()) {
      put.push(json)
      total++
      chars += json.length
      if (chars < RECORD_CHARS) continue
      yield { put }
      put = []
      chars = 0
    }
  }
  yield { put, total }
}
