import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { api, internal } from '@rollcall/backend/api'
import { parseWorkerToken } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { startEmbeddedBackend, type EmbeddedBackend } from '@rollcall/embedded-backend'
import { ConvexHttpClient } from 'convex/browser'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AdminApi } from '../src/backend/AdminApi'
import { UsageError } from '../src/errors'
import { takeLocalWorker } from '../src/local/localWorker'
import { paths } from '../src/paths'

let backend: EmbeddedBackend
let admin: AdminApi
const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-local-'))

beforeAll(async () => {
  const logger = pino({ level: 'silent' })
  backend = await startEmbeddedBackend({
    functionsDir: paths.functions,
    dataDir: ':memory:',
    port: 0,
    logger,
  })
  admin = new AdminApi(backend.url, backend.adminKey)
})
afterAll(async () => {
  await backend.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** As the owner does it on the page. */
async function revoke(token: string): Promise<void> {
  const [owner] = backend.engine.readTable('users', { order: 'asc', cursor: null, numItems: 1 }).page
  const id = (owner as { _id: string })._id
  const client = new ConvexHttpClient(backend.url, { logger: false })
  const signIn = { type: 'signIn', userId: id as Id<'users'>, generateTokens: false } as const
  const { sessionId } = (await admin.run(internal.auth.store, { args: signIn })) as { sessionId: string }
  const identity = {
    subject: `${id}|${sessionId}`,
    issuer: backend.url,
    tokenIdentifier: `${backend.url}|${id}`,
  }
  ;(client as unknown as { setAdminAuth: (key: string, as: object) => void }).setAdminAuth(
    backend.adminKey,
    identity,
  )
  await client.mutation(api.workerAccess.revoke, {
    workerId: parseWorkerToken(token)?.workerId as Id<'workers'>,
  })
}

it('a local worker keeps its name and token from one start to the next, until it is revoked', async () => {
  const first = await takeLocalWorker(admin, { dataDir, name: undefined })
  first.claim.release()
  const again = await takeLocalWorker(admin, { dataDir, name: undefined })
  again.claim.release()
  expect([first.name, again.name, again.token]).toEqual(['worker', 'worker', first.token])

  await revoke(first.token)
  const next = await takeLocalWorker(admin, { dataDir, name: undefined })
  next.claim.release()
  expect(next.name).toBe('worker-2')
  const asked = takeLocalWorker(admin, { dataDir, name: 'worker' })
  await expect(asked).rejects.toThrow(UsageError)
  await expect(asked).rejects.toThrow('WORKER_NAME: the worker "worker" was revoked. Choose another name.')
})
