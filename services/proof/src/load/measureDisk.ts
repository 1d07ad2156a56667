import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createHistogram } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'

/** About what a group of heartbeats takes in the log. */
const RECORD_BYTES = 1_200
const RECORDS = 3_000
/** Between two records, which are so many in a second as a large fleet's. */
const APART_MS = 1

/** Milliseconds. */
export interface DiskTimes {
  p50Ms: number
  p99Ms: number
  longestMs: number
}

/**
 * What it takes, while nothing else runs, to have a record on the disk: written over bytes that the file has already, as the backend's log
 * does it, and waited for. No answer that is durable comes sooner.
 */
export async function measureDisk(folder: string): Promise<DiskTimes> {
  const path = join(folder, 'disk-alone')
  const file = await open(path, 'w')
  try {
    await file.writeFile(Buffer.alloc(RECORDS * RECORD_BYTES))
    await file.sync()
    const times = createHistogram()
    const record = Buffer.alloc(RECORD_BYTES, 1)
    for (let index = 0; index < RECORDS; index += 1) {
      const from = performance.now()
      await file.write(record, 0, RECORD_BYTES, index * RECORD_BYTES)
      await file.datasync()
      times.record(Math.max(1, Math.round((performance.now() - from) * 1e6)))
      await wait(APART_MS)
    }
    const percentile = (share: number) => times.percentile(share) / 1e6
    return { p50Ms: percentile(50), p99Ms: percentile(99), longestMs: times.max / 1e6 }
  } finally {
    await file.close()
    await rm(path)
  }
}
