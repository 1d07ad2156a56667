import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { UsageError } from '../errors'
import { NameClaim } from '../local/NameClaim'
import { identityOf, isAlive } from '../local/processIdentity'
import { AdminApi } from './AdminApi'
import { provideAuthEnvironment } from './authEnvironment'
import {
  findBackend,
  readAdminKey,
  readBackendRecord,
  writeBackendRecord,
  type BackendRecord,
} from './BackendRecord'
import { spawnBackend, type PageSource, type SpawnBackendOptions, type SpawnedBackend } from './spawnBackend'

export interface OpenBackendOptions extends Omit<SpawnBackendOptions, 'page'> {
  /** Who asks: two workers share a backend, `dev` wants its own. */
  kind: BackendRecord['kind']
  /** Asked for only if a backend has to be started. */
  page: (signal: AbortSignal) => Promise<PageSource>
}

export type OpenedBackend =
  | { kind: 'own'; api: AdminApi; backend: SpawnedBackend }
  | { kind: 'shared'; api: AdminApi; record: BackendRecord }

/** How long one that is starting or ending on the same data folder is waited for. */
const BUSY_FOLDER_MS = 30_000
const POLL_MS = 200

/**
 * The backend of this data folder: the one that runs, or else a new one with everything that signing in needs. Of several
 * processes that ask at once, one starts it. Throws `UsageError` for what a person can mend, the signal's reason when told
 * to stop.
 */
export async function openBackend(options: OpenBackendOptions, signal: AbortSignal): Promise<OpenedBackend> {
  const deadline = performance.now() + BUSY_FOLDER_MS
  for (;;) {
    const claimed = await NameClaim.take(join(options.dataDir, 'starting'))
    const claim = claimed.kind === 'taken' ? claimed.claim : undefined
    try {
      const opened = await findOrStart(options, claim !== undefined, signal)
      if (opened.kind !== 'failed') return opened
      if (!opened.isBusy || performance.now() > deadline) {
        throw new UsageError([opened.message], opened.isMistake ? 2 : 1)
      }
    } finally {
      claim?.release()
    }
    await delay(POLL_MS, undefined, { signal })
  }
}

type Attempt = OpenedBackend | { kind: 'failed'; isBusy: boolean; isMistake: boolean; message: string }

async function findOrStart(
  options: OpenBackendOptions,
  mayStart: boolean,
  signal: AbortSignal,
): Promise<Attempt> {
  const { dataDir } = options
  const found = await findBackend(dataDir)
  if (found) {
    if (options.kind === 'start') return { kind: 'shared', ...found }
    const { url, pid } = found.record
    throw new UsageError([`A backend already runs on ${dataDir} (${url}, pid ${pid}). Stop it first.`])
  }
  if (!mayStart) {
    const message = `Another start on ${dataDir} does not get on. Stop it first.`
    return { kind: 'failed', isBusy: true, isMistake: false, message }
  }
  const outcome = await spawnBackend({ ...options, page: await options.page(signal) }, signal)
  signal.throwIfAborted()
  if (outcome.kind === 'ready') return await settleIn(outcome.backend, options)
  // The last one may not have ended quite yet: it holds port and folder until it has.
  const last = readBackendRecord(dataDir)
  return { ...outcome, isBusy: last !== undefined && isAlive(last) }
}

async function settleIn(backend: SpawnedBackend, options: OpenBackendOptions): Promise<OpenedBackend> {
  const { dataDir, kind } = options
  const api = new AdminApi(backend.url, readAdminKey(dataDir))
  const identity = identityOf(backend.pid)
  if (identity === undefined) throw new UsageError(['The backend ended as soon as it was ready.'], 1)
  await provideAuthEnvironment(api)
  const startedAt = new Date().toISOString()
  writeBackendRecord(dataDir, { url: backend.url, ...identity, kind, startedAt })
  return { kind: 'own', api, backend }
}
