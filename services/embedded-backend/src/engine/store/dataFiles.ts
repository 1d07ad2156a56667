import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Generation n of the data is `snapshot-n` (none for the first) followed by the commits of `log-n`, `log-n+1` …
 * A snapshot n holds all that the logs before n said, so these may go.
 */
export interface DataFiles {
  snapshots: number[]
  logs: number[]
  unfinished: string[]
}

const UNFINISHED = '.unfinished'

export async function listDataFiles(dataDir: string): Promise<DataFiles> {
  const names = await readdir(dataDir)
  const numbers = (pattern: RegExp) =>
    names
      .flatMap((name) => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
  return {
    snapshots: numbers(/^snapshot-(\d+)$/),
    logs: numbers(/^log-(\d+)$/),
    unfinished: names.filter((name) => name.endsWith(UNFINISHED)).map((name) => join(dataDir, name)),
  }
}

export function logFile(dataDir: string, generation: number): string {
  return join(dataDir, `log-${generation}`)
}

export function snapshotFile(dataDir: string, generation: number): string {
  return join(dataDir, `snapshot-${generation}`)
}

export function unfinishedFile(path: string): string {
  return path + UNFINISHED
}

/** Makes created, renamed and removed files of a folder durable. */
export async function syncFolder(dataDir: string): Promise<void> {
  const folder = await open(dataDir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
