import { api } from '@rollcall/backend/api'
import { parseWorkerToken } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { ConvexHttpClient } from 'convex/browser'
import { describe, expect, it, vi } from 'vitest'
import { BackendGateway } from '../../src/infrastructure/convex/BackendGateway'
import type { WitnessedIncarnation } from '../../src/supervisorMessages'
import { askJson, listening } from '../infrastructure/health/setup'
import { until, type TestWorker } from '../setup'
import { hookOf } from './prepareShutdown'
import { backend, isReady, run, running, useLifecycles } from './runLifecycle'

useLifecycles()

/** Number of the last beat that counted. */
function seqOf({ workerId }: TestWorker): number {
  return backend.rows('liveness').find((row) => row.workerId === workerId)?.seq ?? 0
}

/** A worker as the page makes it: not approved. */
async function makePending(name: string): Promise<TestWorker> {
  const { machineId } = await backend.makeWorker('owner of the machine')
  const owner = await backend.owner()
  const { workerId, token } = await owner.action(api.workerAccess.create, { machineId, name })
  return { workerId, machineId, token, secret: parseWorkerToken(token)?.secret ?? '' }
}

/** Calls as the worker's process itself could. */
function as({ workerId, secret }: TestWorker, epoch: number) {
  return { client: new ConvexHttpClient(backend.url), credentials: { workerId, secret, epoch } }
}

describe('WorkerLifecycle', () => {
  it('goes from starting to ready, and online', async () => {
    const made = await backend.makeWorker('goes up')
    const worker = run(made)
    await until('ready', () => isReady(worker))
    expect(worker.path()).toEqual(['registering', 'connecting', 'ready'])
    expect(backend.worker(made)).toMatchObject({ status: 'online', phase: 'ready', epoch: 1 })
  })

  it('waits for its approval, and is online by the beat after it', async () => {
    const made = await makePending('is approved')
    const worker = run(made)
    await until('awaiting approval', () => worker.lifecycle.machine.state.name === 'awaitingApproval')
    expect(backend.worker(made).status).toBe('offline')
    expect(worker.opencodes).toHaveLength(0)
    await (await backend.owner()).mutation(api.workerAccess.approve, { workerId: made.workerId })
    await until('ready', () => isReady(worker))
    expect(worker.path()).toEqual(['registering', 'awaitingApproval', 'connecting', 'ready'])
    expect(backend.worker(made)).toMatchObject({ status: 'online', phase: 'ready', epoch: 1 })
  })

  it('is busy while a prompt runs', async () => {
    const made = await backend.makeWorker('is busy')
    const worker = run(made)
    await until('ready', () => isReady(worker))
    await backend.chat(made, undefined, 'Hello?')
    await until('busy', () => worker.lifecycle.machine.state.name === 'busy')
    const prompt = await worker.opencodes[0]?.prompted('Hello?')
    prompt?.end({ kind: 'completed' })
    await until('ready again', () => isReady(worker))
  })

  it('beats as often as the deployment says', async () => {
    const made = await backend.makeWorker('beats')
    const worker = run(made)
    await until('ready', () => isReady(worker))
    await until('three beats', () => seqOf(made) >= 3, 3_000)
  })

  it('registers anew when its incarnation was closed', async () => {
    const made = await backend.makeWorker('is closed')
    const worker = run(made)
    await until('ready', () => isReady(worker))
    const { client, credentials } = as(made, 1)
    await client.mutation(api.workers.goOffline, { credentials, reason: 'crashed', evidence: {} })
    await until('epoch 2', () => backend.worker(made).epoch === 2 && isReady(worker))
    expect(worker.path().slice(3)).toEqual(['reconnecting', 'registering', 'connecting', 'ready'])
    await until('ready in the backend', () => backend.worker(made).phase === 'ready')
    expect(worker.opencodes).toHaveLength(1)
    await backend.chat(made, undefined, 'Still there?')
    const prompt = await worker.opencodes[0]?.prompted('Still there?')
    prompt?.end({ kind: 'completed' })
  })

  it('registers anew when its incarnation was closed while it waited for its approval', async () => {
    const made = await makePending('is closed early')
    const worker = run(made)
    await until('awaiting approval', () => worker.lifecycle.machine.state.name === 'awaitingApproval')
    const { client, credentials } = as(made, 1)
    await client.mutation(api.workers.goOffline, { credentials, reason: 'crashed', evidence: {} })
    await until('waiting again', () => worker.path().length === 5)
    expect(worker.path().slice(2)).toEqual(['reconnecting', 'registering', 'awaitingApproval'])
    expect(worker.opencodes).toHaveLength(0)
  })

  it('stops when another process took over', async () => {
    const made = await backend.makeWorker('is taken over')
    const first = run(made)
    await until('ready', () => isReady(first))
    const second = run(made)
    await until('told to stop', () => first.stops.length > 0)
    expect(first.stops[0]).toMatchObject({ kind: 'superseded', successor: { hostname: 'here' } })
    await until('the second is ready', () => isReady(second))
    expect(second.stops).toEqual([])
    expect(backend.worker(made)).toMatchObject({ status: 'online', epoch: 2 })
  })

  it('starts opencode again when it died', async () => {
    const made = await backend.makeWorker('loses opencode')
    const worker = run(made)
    await until('ready', () => isReady(worker))
    const sessionId: Id<'sessions'> = await backend.chat(made, undefined, 'Hello?')
    await worker.opencodes[0]?.prompted('Hello?')
    worker.opencodes[0]?.die({ exitCode: null, signal: 'SIGKILL' })
    await until('interrupted', () => backend.answers(sessionId)[0]?.status === 'interrupted')
    await until('ready again', () => isReady(worker) && worker.opencodes.length === 2)
    expect(worker.stops).toEqual([])
  })

  it('stops when opencode cannot be started', async () => {
    const made = await backend.makeWorker('has no opencode')
    const worker = run(made, {
      opencode: {
        reap: () => Promise.resolve(),
        start: () => Promise.reject(new Error('opencode did not start.')),
      },
    })
    await until('told to stop', () => worker.stops.length > 0)
    expect(worker.stops).toEqual([
      { kind: 'crashed', cause: 'opencode-failed', message: 'opencode did not start.', exitCode: 1 },
    ])
  })

  it('comes back under the same epoch when its backend was gone', async () => {
    const made = await backend.makeWorker('waits for its backend')
    const worker = run(made)
    await until('ready', () => isReady(worker))
    await backend.restart(async () => {
      await until('reconnecting', () => worker.lifecycle.machine.state.name === 'reconnecting')
    })
    await until('ready again', () => isReady(worker))
    expect(backend.worker(made)).toMatchObject({ status: 'online', phase: 'ready', epoch: 1 })
  })

  it('takes no new work while its beats are not acknowledged, goes on with what runs, and then takes it', async () => {
    const made = await backend.makeWorker('is fenced')
    await backend.admin('settings:update', { staleThresholdMs: 4_500 })
    const worker = run(made)
    await until('ready', () => isReady(worker))
    const before = await backend.chat(made, undefined, 'Before?')
    const first = await worker.opencodes[0]?.prompted('Before?')
    // The WebSocket is as well as ever: nothing but the lease tells that something is wrong.
    const cut = vi.spyOn(BackendGateway.prototype, 'heartbeat')
    cut.mockResolvedValue({ kind: 'unreachable', reason: 'ECONNRESET' })
    await until('fenced', () => worker.path().includes('reconnecting'))
    expect(worker.lifecycle.health).toMatchObject({ isFenced: true, epoch: 1, answersRunning: 1 })
    expect(worker.lifecycle.health.beatAgeMs).toBeGreaterThanOrEqual(3_000)
    expect(backend.worker(made).status).toBe('online')
    await backend.chat(made, undefined, 'Fenced?')
    first?.say('still here')
    await until('text', () => backend.answers(before)[0]?.text === 'still here')
    expect(worker.opencodes[0]?.prompts.map(({ text }) => text)).toEqual(['Before?'])
    cut.mockRestore()
    const next = await worker.opencodes[0]?.prompted('Fenced?')
    for (const prompt of [first, next]) prompt?.end({ kind: 'completed' })
    await until('ready again', () => isReady(worker))
    expect(backend.worker(made).epoch).toBe(1)
    expect(worker.lifecycle.health.isFenced).toBe(false)
  })

  it('says how it is, from the start to the step of its drain', async () => {
    const made = await backend.makeWorker('is asked how it is')
    let finish = () => {}
    const hook = () => new Promise<void>((resolve) => (finish = resolve))
    const worker = run(made, { hooks: [[hookOf('slow', hook)]] })
    const { lifecycle } = worker
    const unregistered = { epoch: undefined, beatAgeMs: undefined, opencode: undefined, shutdown: undefined }
    expect(lifecycle.health).toMatchObject({ state: { name: 'registering' }, ...unregistered })
    await until('ready', () => isReady(worker))
    expect(lifecycle.health).toMatchObject({
      workerId: made.workerId,
      ...{ state: { name: 'ready' }, epoch: 1, isFenced: false, answersRunning: 0, shutdown: undefined },
    })
    expect(lifecycle.health.opencode).toBe(worker.opencodes[0])
    const url = await listening(() => lifecycle.health)
    expect((await askJson(`${url}/readyz`)).status).toBe(200)
    const drain = running.pop()?.()
    await until('in the hook', () => lifecycle.health.shutdown?.hangingSteps.includes('hook slow'))
    const { shutdown } = lifecycle.health
    expect(shutdown).toMatchObject({ cause: 'SIGTERM', hangingSteps: ['hook slow'] })
    expect(shutdown?.deadlineInMs).toBeGreaterThan(0)
    expect(shutdown?.deadlineInMs).toBeLessThan(lifecycle.shutdownTimeoutMs)
    expect(await askJson(`${url}/readyz`)).toEqual({
      status: 503,
      json: { ready: false, why: 'draining (SIGTERM), in step hook slow' },
    })
    finish()
    await drain
    expect(lifecycle.health).toMatchObject({ state: { name: 'stopped' }, opencode: undefined })
  })

  it('beats on while it drains, until its goodbye', async () => {
    const made = await backend.makeWorker('drains for long')
    let before = Infinity
    const slowHook = async () => {
      await until('three beats', () => seqOf(made) >= before + 3, 10_000)
    }
    const worker = run(made, { hooks: [[hookOf('slow', slowHook)]] })
    await until('ready', () => isReady(worker))
    before = seqOf(made)
    const drain = running.pop()?.()
    await until('draining', () => backend.worker(made).phase === 'draining')
    await drain
    expect(seqOf(made)).toBeGreaterThanOrEqual(before + 3)
    expect(backend.worker(made).offline).toMatchObject({ reason: 'shutdown' })
  })

  it('hands out a key of its own with each incarnation', async () => {
    const made = await backend.makeWorker('is witnessed')
    const told: WitnessedIncarnation[] = []
    const worker = run(made, { onRegistered: (incarnation) => told.push(incarnation) })
    await until('ready', () => isReady(worker))
    const { client, credentials } = as(made, 1)
    await client.mutation(api.workers.goOffline, { credentials, reason: 'crashed', evidence: {} })
    await until('epoch 2', () => told.length === 2)
    expect(told).toMatchObject([
      { workerId: made.workerId, epoch: 1, staleThresholdMs: 1_500 },
      { workerId: made.workerId, epoch: 2 },
    ])
    expect(told[0]?.key).not.toBe(told[1]?.key)
    expect(Buffer.from(told[1]?.key ?? '', 'base64url')).toHaveLength(32)
    const { key = '' } = told[1] ?? {}
    const witness = { workerId: made.workerId, epoch: 2, key }
    await client.mutation(api.workers.reportHang, { witness, isHung: true })
    expect(backend.worker(made).phase).toBe('hung')
  })

  it('drains only once per process and leaves the backend saying offline', async () => {
    const made = await backend.makeWorker('drains')
    const worker = run(made)
    await until('ready', () => isReady(worker))
    await Promise.all(running.splice(0).map((stop) => stop()))
    expect(worker.path().slice(-2)).toEqual(['shuttingDown', 'stopped'])
    expect(worker.lifecycle.machine.state).toEqual({ name: 'stopped', farewell: 'told' })
    expect(worker.opencodes[0]?.stops).toBe(1)
    expect(backend.worker(made)).toMatchObject({ status: 'offline', offline: { reason: 'shutdown' } })
  })
})
