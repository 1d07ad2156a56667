import { convexTest, type TestConvex } from 'convex-test'
import { ConvexError } from 'convex/values'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { MINUTE, SECOND, errorOf, parseWorkerToken, type ErrorCode } from '../contract'
import { api, internal } from '../convex/_generated/api'
import type { Doc, Id } from '../convex/_generated/dataModel'
import { sha256 } from '../convex/model/tokens'
import schema from '../convex/schema'

export const modules = import.meta.glob('../convex/**/*.{ts,js}')

export type Backend = TestConvex<typeof schema>

/** `embedded` runs what asks for a backend with `useBackend` on the embedded engine instead of on convex-test. */
const engine = process.env['ROLLCALL_TEST_ENGINE']

/** A backend of its own per test, on fake time that starts at a round minute. */
export function useBackend(): { readonly t: Backend } {
  let t: Backend | undefined
  let close: (() => Promise<void>) | undefined
  beforeEach(async () => {
    const embedded = engine === 'embedded' ? await openEmbedded() : undefined
    vi.useFakeTimers({ now: 1_000 * MINUTE })
    t = embedded ?? convexTest({ schema, modules, transactionLimits: true })
    close = embedded?.close
  })
  afterEach(async () => {
    vi.useRealTimers()
    await close?.()
  })
  return {
    get t() {
      if (t === undefined) throw new Error('useBackend is for use inside a test')
      return t
    },
  }
}

/** Loaded only where it is used: it brings a bundler along. */
async function openEmbedded() {
  const { embeddedTest } = await import('@rollcall/embedded-backend/testing')
  return embeddedTest({ functionsDir: join(import.meta.dirname, '..', 'convex'), schema })
}

export interface Owner {
  userId: Id<'users'>
  as: ReturnType<Backend['withIdentity']>
}

/** A signed-in person. */
export async function makeOwner(t: Backend, email = 'ada@example.com'): Promise<Owner> {
  const userId = await t.run((ctx) => ctx.db.insert('users', { email }))
  return { userId, as: await signedInAs(t, userId) }
}

/** Somebody signed in who administers the deployment. */
export async function makeAdmin(t: Backend, email = 'root@example.com'): Promise<Owner> {
  const admin = await makeOwner(t, email)
  await t.run((ctx) => ctx.db.patch('users', admin.userId, { isAdmin: true }))
  return admin
}

/** A sign-in of this person's, as Convex Auth keeps it. */
export async function signedInAs(t: Backend, userId: Id<'users'>): Promise<Owner['as']> {
  const expirationTime = Date.now() + 1_000 * MINUTE
  const authSessionId = await t.run((ctx) => ctx.db.insert('authSessions', { userId, expirationTime }))
  return t.withIdentity({ subject: `${userId}|${authSessionId}` })
}

export interface WorkerFixture {
  machineId: Id<'machines'>
  workerId: Id<'workers'>
  secret: string
}

/** A worker made as the page makes it, approved unless said otherwise. */
export async function makeWorker(
  owner: Owner,
  {
    name = 'api',
    machine = 'build-03',
    approved = true,
    machineId = undefined as Id<'machines'> | undefined,
  } = {},
): Promise<WorkerFixture> {
  const on = machineId ?? (await owner.as.mutation(api.machines.create, { name: machine }))
  const { workerId, token } = await owner.as.action(api.workerAccess.create, { machineId: on, name })
  if (approved) await owner.as.mutation(api.workerAccess.approve, { workerId })
  const secret = parseWorkerToken(token)?.secret
  if (secret === undefined) throw new Error(`malformed token ${token}`)
  return { machineId: on, workerId, secret }
}

/** The key that every fixture process hands to its supervisor. */
export const WITNESS_KEY = 'w'.repeat(43)

let processes = 0

/** One run of a worker's process: registers and answers the credentials that its later calls carry. */
export async function register(
  t: Backend,
  { workerId, secret }: WorkerFixture,
  described: { hostname?: string; pid?: number; key?: string } = {},
) {
  processes += 1
  const registered = await t.mutation(api.workers.register, {
    workerId,
    secret,
    hostname: 'build-03',
    pid: 4_000 + processes,
    directory: '/srv/app',
    versions: { worker: '0.1.0', node: '20.19.0' },
    key: `process-${processes}`,
    witnessKeyHash: await sha256(WITNESS_KEY),
    ...described,
  })
  if (registered.kind === 'refused') throw new ConvexError(registered)
  return { workerId: workerId as string, secret, epoch: registered.epoch }
}

/** An approved worker that has just registered, with its owner. */
export async function onlineWorker(t: Backend) {
  const owner = await makeOwner(t)
  const worker = await makeWorker(owner)
  return { owner, worker, credentials: await register(t, worker) }
}

export interface Member {
  worker: WorkerFixture
  credentials: Awaited<ReturnType<typeof register>>
}

/** Approved online workers, forty to a machine, of one owner. */
export async function makeFleet(t: Backend, count: number, name = 'fleet'): Promise<Member[]> {
  const owner = await makeOwner(t, `${name}@example.com`)
  const fleet: Member[] = []
  for (let i = 0; i < count; i++) {
    const machineId = i % 40 > 0 ? fleet.at(-1)?.worker.machineId : undefined
    const worker = await makeWorker(owner, { name: `worker-${i}`, machine: `${name}-${i}`, machineId })
    fleet.push({ worker, credentials: await register(t, worker) })
  }
  return fleet
}

export async function readWorker(t: Backend, { workerId }: WorkerFixture): Promise<Doc<'workers'>> {
  const worker = await t.run((ctx) => ctx.db.get('workers', workerId))
  if (worker === null) throw new Error('the worker is gone')
  return worker
}

export async function readMachine(t: Backend, { machineId }: WorkerFixture): Promise<Doc<'machines'>> {
  const machine = await t.run((ctx) => ctx.db.get('machines', machineId))
  if (machine === null) throw new Error('the machine is gone')
  return machine
}

/** A worker's transitions, oldest first. */
export function readEvents(t: Backend, { workerId }: WorkerFixture): Promise<Doc<'workerEvents'>[]> {
  return t.run((ctx) =>
    ctx.db
      .query('workerEvents')
      .withIndex('by_worker', (q) => q.eq('workerId', workerId))
      .take(1_000),
  )
}

/** Lets time pass, second by second, with whatever was scheduled running when it is due. */
export async function passTime(t: Backend, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= SECOND) {
    vi.advanceTimersByTime(Math.min(SECOND, left))
    await t.finishInProgressScheduledFunctions()
  }
}

export function sweepNow(t: Backend) {
  return t.mutation(internal.cleanupTasks.detectStaleWorkers, {})
}

/** Expects `call` to be refused with this code; answers the refusal. */
export async function expectRefusal(
  call: Promise<unknown>,
  code: ErrorCode,
): Promise<ConvexError<{ code: string }>> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error, `expected ${code}`).toBeInstanceOf(ConvexError)
  expect(errorOf(error)?.code).toBe(code)
  return error as ConvexError<{ code: string }>
}
