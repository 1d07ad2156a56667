import { describe, expect, it, vi } from 'vitest'
import { limits, MINUTE, parseWorkerToken, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import {
  expectRefusal,
  onlineWorker,
  passTime,
  readEvents,
  readWorker,
  register,
  useBackend,
  type Owner,
  type WorkerFixture,
} from './setup'

const backend = useBackend()

async function rotate(owner: Owner, worker: WorkerFixture): Promise<WorkerFixture> {
  const { token } = await owner.as.action(api.workerAccess.rotate, { workerId: worker.workerId })
  const parsed = parseWorkerToken(token)
  expect(parsed).toMatchObject({ workerId: worker.workerId, machineId: worker.machineId })
  return { ...worker, secret: parsed?.secret ?? '' }
}

const beat = (credentials: Awaited<ReturnType<typeof register>>, seq: number) =>
  backend.t.mutation(api.workers.heartbeat, { credentials, seq })

describe('a rotated token', () => {
  it('leaves the running process alone, and is worth everything at once', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const renewed = await rotate(owner, worker)
    expect(await beat(credentials, 1)).toEqual({ kind: 'counted' })
    expect(await readEvents(backend.t, worker)).toHaveLength(1)
    expect((await register(backend.t, renewed)).epoch).toBe(2)
  })

  it('makes the former one worthless as soon as the worker has switched', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const switched = await register(backend.t, await rotate(owner, worker))
    await expectRefusal(register(backend.t, worker), 'WRONG_SECRET')
    await expectRefusal(beat(credentials, 1), 'WRONG_SECRET')
    expect(await beat(switched, 1)).toEqual({ kind: 'counted' })
  })

  it('lets a process restart with the former one meanwhile, which then beats and recovers like any other', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await rotate(owner, worker)
    const restarted = await register(backend.t, worker)
    expect(await beat(restarted, 1)).toEqual({ kind: 'counted' })
    await passTime(backend.t, 92 * SECOND)
    expect(await beat(restarted, 2)).toEqual({ kind: 'recovered' })
    expect(await beat(restarted, 3)).toEqual({ kind: 'counted' })
  })

  it('takes down who still runs with the former one after a day, with the reason', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    await rotate(owner, worker)
    vi.advanceTimersByTime(limits.formerSecretMs - MINUTE)
    await beat(credentials, 1)
    await passTime(backend.t, MINUTE + SECOND)
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'offline',
      offline: { reason: 'revoked', evidence: { message: 'Its token was replaced by a new one.' } },
    })
    await expectRefusal(beat(credentials, 2), 'WRONG_SECRET')
  })

  it('does not bring back the one before the former by rotating twice', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const second = await rotate(owner, worker)
    const third = await rotate(owner, second)
    await expectRefusal(beat(credentials, 1), 'WRONG_SECRET')
    await expectRefusal(register(backend.t, worker), 'WRONG_SECRET')
    expect((await readWorker(backend.t, worker)).status).toBe('offline')
    for (const taken of [second, third]) await register(backend.t, taken)
  })

  it('is not made for a revoked worker, and nothing of any is kept in the clear', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const renewed = await rotate(owner, worker)
    const stored = JSON.stringify(await readWorker(backend.t, worker))
    for (const { secret } of [worker, renewed]) expect(stored).not.toContain(secret)
    const { workerId } = worker
    await owner.as.mutation(api.workerAccess.revoke, { workerId })
    await expectRefusal(owner.as.action(api.workerAccess.rotate, { workerId }), 'WORKER_REVOKED')
    await expectRefusal(register(backend.t, worker), 'WORKER_REVOKED')
  })
})
