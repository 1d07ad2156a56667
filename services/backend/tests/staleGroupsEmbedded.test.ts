import type { EmbeddedBackend } from '@rollcall/embedded-backend'
import type { JSONValue } from 'convex/values'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { MINUTE } from '../contract'
import { sha256 } from '../convex/model/tokens'
import { startInMemory } from './startInMemory'

/** The walk over groups of workers on the embedded backend's own indexes and scheduler, in real time. */

const SECRET = 's'.repeat(43)

let backend: EmbeddedBackend

beforeAll(async () => {
  backend = await startInMemory()
})
afterAll(() => backend.close())

async function mutate(path: string, args: JSONValue): Promise<JSONValue> {
  const { outcome } = await backend.engine.mutation({ path, args, identity: { kind: 'admin' } })
  if (outcome.kind === 'error') throw new Error(outcome.errorMessage)
  return outcome.value
}

interface Row {
  _id: string
  name: string
  status: string
  overrides?: unknown
}
const rows = (table: string) =>
  backend.engine.readTable(table, { order: 'asc', cursor: null, numItems: 9 }).page as unknown as Row[]

/** An online worker on a machine of its own. */
async function addWorker(name: string): Promise<{ machineId: string; workerId: string }> {
  const args = { machineName: name, workerName: name, secretHash: await sha256(SECRET) }
  const made = (await mutate('localOwner:ensureWorker', args)) as { machineId: string; workerId: string }
  await mutate('workers:register', {
    ...{ workerId: made.workerId, secret: SECRET, hostname: name, pid: 1, directory: '/srv', key: name },
    versions: { worker: '0.1.0', node: '20.19.0' },
  })
  return made
}

it('marks lost who is silent for longer than its machine’s threshold, and nobody else', async () => {
  await mutate('settings:update', { heartbeatIntervalMs: 100, staleThresholdMs: MINUTE })
  const workers = []
  for (const name of ['usual', 'short', 'shorter', 'long']) workers.push(await addWorker(name))
  const [, short, shorter, long] = workers
  await mutate('localOwner:createSignInLink', { tokenHash: 'unused' })
  const [link] = rows('signInLinks') as unknown as { userId: string }[]
  const signIn = (await mutate('auth:store', {
    args: { type: 'signIn', userId: link?.userId ?? '', generateTokens: false },
  })) as { sessionId: string }
  const subject = `${link?.userId}|${signIn.sessionId}`
  const attributes = { subject, issuer: 'test', tokenIdentifier: `test|${subject}` }
  for (const [of, staleThresholdMs] of [
    [long, 2 * MINUTE],
    [short, 400],
    [shorter, 200],
  ] as const) {
    const { outcome } = await backend.engine.mutation({
      path: 'machines:setOverrides',
      args: { machineId: of?.machineId ?? '', overrides: { staleThresholdMs } },
      identity: { kind: 'user', attributes },
    })
    expect(outcome).toMatchObject({ kind: 'ok' })
  }
  const statuses = () => Object.fromEntries(rows('workers').map(({ name, status }) => [name, status]))
  await vi.waitFor(
    () =>
      expect(statuses()).toEqual({ usual: 'online', short: 'offline', shorter: 'offline', long: 'online' }),
    { timeout: 10_000, interval: 20 },
  )
})
