import { describe, expect, it } from 'vitest'
import { SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import { expectRefusal, makeWorker, onlineWorker, passTime, readWorker, register, useBackend } from './setup'

const backend = useBackend()

async function commanded() {
  const online = await onlineWorker(backend.t)
  const { owner, worker, credentials } = online
  const { workerId } = worker
  return {
    ...online,
    order: (kind: 'stop' | 'restart', when: 'now' | 'idle') =>
      owner.as.mutation(api.workerCommands.order, { workerId, command: { kind, when } }),
    withdraw: () => owner.as.mutation(api.workerCommands.withdraw, { workerId }),
    heard: async () => (await backend.t.query(api.workers.self, { credentials })).command,
    seen: async () => (await owner.as.query(api.workers.get, { workerId })).command,
  }
}

describe('a command', () => {
  it('reaches the worker, shows with who gave it, and is in the trail', async () => {
    const { owner, order, heard, seen } = await commanded()
    expect(await heard()).toBeNull()
    await order('stop', 'idle')
    expect(await heard()).toEqual({ kind: 'stop', when: 'idle' })
    expect(await seen()).toEqual({ kind: 'stop', when: 'idle', by: 'ada@example.com' })
    const { page } = await owner.as.query(api.account.trail, {
      paginationOpts: { numItems: 1, cursor: null },
    })
    expect(page).toMatchObject([{ what: { kind: 'commanded', command: { kind: 'stop' }, worker: 'api' } }])
  })

  it('is replaced by the next one, and can be withdrawn, twice too', async () => {
    const { order, withdraw, heard } = await commanded()
    await order('stop', 'idle')
    await order('restart', 'now')
    expect(await heard()).toEqual({ kind: 'restart', when: 'now' })
    await withdraw()
    await withdraw()
    expect(await heard()).toBeNull()
  })

  it('ends with the incarnation that it was for', async () => {
    const { worker, credentials, order } = await commanded()
    await order('restart', 'now')
    await backend.t.mutation(api.workers.goOffline, {
      ...{ credentials, reason: 'shutdown', evidence: { cause: 'restart-requested' } },
    })
    expect((await readWorker(backend.t, worker)).command).toBeUndefined()
    const next = await register(backend.t, worker)
    expect((await backend.t.query(api.workers.self, { credentials: next })).command).toBeNull()
  })

  it('outlives a silence of the incarnation that it was for', async () => {
    const { credentials, order, heard, seen } = await commanded()
    await order('stop', 'idle')
    await passTime(backend.t, 100 * SECOND)
    expect(await seen()).toMatchObject({ when: 'idle' })
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    expect(await heard()).toEqual({ kind: 'stop', when: 'idle' })
  })

  it('is not for the process that takes over', async () => {
    const { worker, order } = await commanded()
    await order('stop', 'idle')
    const successor = await register(backend.t, worker)
    expect((await backend.t.query(api.workers.self, { credentials: successor })).command).toBeNull()
  })

  it('is refused for one that is offline, never started or shutting down, and changes nothing', async () => {
    const { owner, worker, credentials, order, withdraw } = await commanded()
    const never = await makeWorker(owner, { name: 'docs', machineId: worker.machineId })
    const command = { kind: 'stop' as const, when: 'now' as const }
    await expectRefusal(
      owner.as.mutation(api.workerCommands.order, { workerId: never.workerId, command }),
      'WORKER_OFFLINE',
    )
    await backend.t.mutation(api.workers.beginDraining, {
      ...{ credentials, cause: 'SIGTERM', deadlineMs: 10 * SECOND },
    })
    await expectRefusal(order('restart', 'now'), 'WORKER_DRAINING')
    await expectRefusal(withdraw(), 'WORKER_DRAINING')
    await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
    await expectRefusal(order('restart', 'now'), 'WORKER_OFFLINE')
    expect((await readWorker(backend.t, worker)).command).toBeUndefined()
  })
})
