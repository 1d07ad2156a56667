import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { isAlive } from '../local/processIdentity'
import { AdminApi } from './AdminApi'

const schema = z.object({
  url: z.url(),
  pid: z.number(),
  /** `ProcessIdentity.started` of `pid`. */
  started: z.string(),
  /** Who runs it: a `dev` backend is brought back by its developer, one of `start` by whoever needs it. */
  kind: z.enum(['dev', 'start']),
  /** ISO 8601, for people. */
  startedAt: z.string(),
})

/** What `<dataDir>/backend.json` says of the backend that was last ready on this data folder. */
export type BackendRecord = z.infer<typeof schema>

const fileOf = (dataDir: string) => join(dataDir, 'backend.json')

export function readBackendRecord(dataDir: string): BackendRecord | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8'))).data
  } catch {
    return undefined
  }
}

export function writeBackendRecord(dataDir: string, record: BackendRecord): void {
  const draft = `${fileOf(dataDir)}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(draft, fileOf(dataDir))
}

/** Removes the record of this backend, never another's. */
export function removeBackendRecord(dataDir: string, pid: number): void {
  if (readBackendRecord(dataDir)?.pid === pid) rmSync(fileOf(dataDir), { force: true })
}

/**
 * The backend that runs on this data folder and answers: its process lives, and it takes the key kept in this very folder,
 * which no other backend would. Undefined if there is none.
 */
export async function findBackend(
  dataDir: string,
): Promise<{ record: BackendRecord; api: AdminApi } | undefined> {
  const record = readBackendRecord(dataDir)
  if (record === undefined || !isAlive(record)) return undefined
  try {
    const api = new AdminApi(record.url, readAdminKey(dataDir))
    await api.environment()
    return { record, api }
  } catch {
    return undefined
  }
}

/** Throws if the backend of this folder was never started. */
export function readAdminKey(dataDir: string): string {
  return readFileSync(join(dataDir, 'admin-key'), 'utf8').trim()
}
