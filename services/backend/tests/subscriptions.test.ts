import type { EmbeddedBackend } from '@rollcall/embedded-backend'
import type { JSONValue } from 'convex/values'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../convex/model/tokens'
import { modules } from './setup'
import { startInMemory } from './startInMemory'

/** What a person's open page follows, and what of it runs again: counted on the embedded backend, with its real invalidation. */

type Engine = EmbeddedBackend['engine']
type Identity = Parameters<Engine['query']>[0]['identity']

const SECRET = 's'.repeat(43)
const admin: Identity = { kind: 'admin' }

let backend: EmbeddedBackend
let owner: Identity
let workerId: string
let sessionId: string
let answerId: string

async function mutate(
  path: string,
  args: JSONValue,
  identity: Identity = { kind: 'none' },
): Promise<JSONValue> {
  const { outcome } = await backend.engine.mutation({ path, args, identity })
  if (outcome.kind === 'error') throw new Error(outcome.errorMessage)
  return outcome.value
}

beforeAll(async () => {
  backend = await startInMemory()
  const made = await mutate(
    'localOwner:ensureWorker',
    { machineName: 'build-03', workerName: 'api', secretHash: await sha256(SECRET) },
    admin,
  )
  workerId = (made as { workerId: string }).workerId
  await mutate('localOwner:createSignInLink', { tokenHash: 'unused' }, admin)
  const link = backend.engine.readTable('signInLinks', { order: 'asc', cursor: null, numItems: 1 }).page[0]
  const { userId } = link as { userId: string }
  const { sessionId: signIn } = (await mutate(
    'auth:store',
    { args: { type: 'signIn', userId, generateTokens: false } },
    admin,
  )) as { sessionId: string }
  const subject = `${userId}|${signIn}`
  owner = { kind: 'user', attributes: { subject, issuer: 'test', tokenIdentifier: `test|${subject}` } }
})

afterAll(() => backend.close())

/** From its sources, so that a new one cannot be forgotten here. */
async function queriesOfThePage(): Promise<string[]> {
  const folder = join(import.meta.dirname, '../../web/src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  )
  const used = files.flatMap((name) => [
    ...readFileSync(join(folder, name), 'utf8').matchAll(/\bapi\.(\w+)\.(\w+)/g),
  ])
  const paths = await Promise.all(
    used.map(async ([, module = '', name = '']) => {
      const functions = (await modules[`../convex/${module}.ts`]?.()) as Record<string, { isQuery?: true }>
      return functions[name]?.isQuery ? [`${module}:${name}`] : []
    }),
  )
  return [...new Set(paths.flat())].sort()
}

/** The page's queries that a commit made while `work` ran would run again. */
async function rerunBy(work: () => Promise<unknown>): Promise<string[]> {
  const { engine } = backend
  const firstPage = { paginationOpts: { numItems: 50, cursor: null } }
  const followed = await Promise.all(
    Object.entries<JSONValue>({
      'users:me': {},
      'users:signInWays': {},
      'account:signIns': {},
      'account:trail': firstPage,
      'machines:list': firstPage,
      'machines:shared': {},
      'workers:get': { workerId },
      'workerHistory:events': { workerId, ...firstPage },
      'workers:models': { workerId },
      'workerHistory:uptime': { workerId, fromDay: Math.floor(Date.now() / 86_400_000) - 30 },
      'workerHistory:heartbeat': { workerId },
      'chat:listSessions': { workerId },
      'chat:getSession': { sessionId },
      'chat:listMessages': { sessionId, ...firstPage },
      'chat:parts': { messageId: answerId },
      'requests:list': { sessionId },
      'detector:state': {},
      'invitations:list': {},
      'settings:show': {},
      'alerts:open': {},
      'alerts:past': firstPage,
      'webhooks:list': {},
      ...(await (async () => {
        const { page } = engine.readTable('machines', { order: 'asc', cursor: null, numItems: 1 })
        const { _id: machineId } = page[0] as { _id: string }
        const args = { share: { machineId, role: 'viewer' } }
        const invited = await engine.action({ path: 'invitations:create', args, identity: owner })
        if (invited.kind === 'error') throw new Error(invited.errorMessage)
        const ofMachine = {
          'shares:list': { machineId },
          'workers:list': { machineId },
          'machines:overrides': { machineId },
        }
        return { ...ofMachine, 'invitations:look': invited.value }
      })()),
    }).map(async ([path, args]) => {
      const run = await engine.query({ path, args, identity: owner })
      expect(run.outcome, path).toMatchObject({ kind: 'ok' })
      return { path, run }
    }),
  )
  expect(followed.map(({ path }) => path).sort(), 'every query of the page').toEqual(await queriesOfThePage())
  const rerun = new Set<string>()
  const stops = followed.map(({ path, run }) => engine.watch(run, () => rerun.add(path)))
  await work()
  for (const stop of stops) stop()
  return [...rerun]
}

describe('an open page', () => {
  it('runs only the line about heartbeats again for them, and its lists for a transition', async () => {
    const registered = await mutate('workers:register', {
      ...{
        workerId,
        secret: SECRET,
        hostname: 'build-03',
        pid: 4711,
        directory: '/srv/app',
        key: 'process-1',
      },
      versions: { worker: '0.1.0', node: '20.19.0' },
    })
    const credentials = { workerId, secret: SECRET, epoch: (registered as { epoch: number }).epoch }
    sessionId = (await mutate('chat:startSession', { workerId }, owner)) as string
    await mutate('chat:sendMessage', { sessionId, text: 'Hello' }, owner)
    const newest = { order: 'desc', cursor: null, numItems: 1 } as const
    answerId = (backend.engine.readTable('messages', newest).page[0] as { _id: string })._id
    const beats = async () => {
      for (let seq = 1; seq <= 20; seq++) {
        expect(await mutate('workers:heartbeat', { credentials, seq })).toEqual({ kind: 'counted' })
      }
    }
    expect(await rerunBy(beats)).toEqual(['workerHistory:heartbeat'])

    const stop = () => mutate('workers:goOffline', { credentials, reason: 'shutdown', evidence: {} })
    expect(await rerunBy(stop)).toEqual(
      expect.arrayContaining([
        'chat:getSession',
        'machines:list',
        'workerHistory:events',
        'workers:get',
        'workerHistory:uptime',
      ]),
    )
  })
})
