import { describe, expect, it, vi } from 'vitest'
import { SECOND, errorOf } from '../contract'
import { api } from '../convex/_generated/api'
import * as workers from '../convex/workers'
import {
  onlineWorker,
  expectRefusal,
  makeOwner,
  makeWorker,
  passTime,
  readEvents,
  readMachine,
  readWorker,
  register,
  useBackend,
} from './setup'

const backend = useBackend()

describe('rule 1: only register opens an incarnation', () => {
  it('counts epochs and puts an approved worker and its machine online', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    expect(credentials.epoch).toBe(1)
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'online',
      phase: 'starting',
      epoch: 1,
    })
    expect(await readMachine(backend.t, worker)).toMatchObject({ status: 'online' })
    expect((await register(backend.t, worker)).epoch).toBe(2)
  })

  it('keeps a pending worker offline until it is approved and heard', async () => {
    const owner = await makeOwner(backend.t)
    const worker = await makeWorker(owner, { approved: false })
    const credentials = await register(backend.t, worker)
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    expect(await readWorker(backend.t, worker)).toMatchObject({ status: 'offline', approval: 'pending' })

    await owner.as.mutation(api.workerAccess.approve, { workerId: worker.workerId })
    expect((await readWorker(backend.t, worker)).status).toBe('offline')
    expect(await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 2 })).toEqual({
      kind: 'online',
    })
    expect((await readWorker(backend.t, worker)).status).toBe('online')
  })

  it('answers a repeated registration of the same process with the same epoch', async () => {
    const { worker } = await onlineWorker(backend.t)
    const first = await register(backend.t, worker, { key: 'same' })
    const again = await register(backend.t, worker, { key: 'same' })
    expect(again.epoch).toBe(first.epoch)
    expect((await readEvents(backend.t, worker)).map(({ what }) => what.kind)).toEqual([
      'online',
      'offline',
      'online',
    ])
  })
})

describe('rule 2: an older epoch is refused', () => {
  it('tells the old process who took over, and keeps the new one online (defect 3 of the peers)', async () => {
    const { worker, credentials: old } = await onlineWorker(backend.t)
    await register(backend.t, worker, { hostname: 'studio-mac', pid: 4711 })
    const refused = await expectRefusal(
      backend.t.mutation(api.workers.goOffline, { credentials: old, reason: 'shutdown', evidence: {} }),
      'SUPERSEDED',
    )
    expect(errorOf(refused)?.successor).toEqual({ hostname: 'studio-mac', pid: 4711 })
    await expectRefusal(backend.t.mutation(api.workers.heartbeat, { credentials: old, seq: 9 }), 'SUPERSEDED')
    expect(await readWorker(backend.t, worker)).toMatchObject({ status: 'online', epoch: 2 })
  })

  it('does not accept an epoch that was never opened', async () => {
    const { credentials } = await onlineWorker(backend.t)
    for (const epoch of [7, Number.NaN, Infinity]) {
      const invented = { ...credentials, epoch }
      await expectRefusal(
        backend.t.mutation(api.workers.heartbeat, { credentials: invented, seq: 1 }),
        'INCARNATION_CLOSED',
      )
      await expectRefusal(
        backend.t.mutation(api.workers.beginDraining, {
          ...{ credentials: invented, cause: 'SIGINT', deadlineMs: 1 },
        }),
        'INCARNATION_CLOSED',
      )
    }
  })

  it('records the end of the superseded incarnation with its reason', async () => {
    const { worker } = await onlineWorker(backend.t)
    await register(backend.t, worker)
    const [, superseded, online] = await readEvents(backend.t, worker)
    expect(superseded).toMatchObject({ epoch: 1, what: { kind: 'offline', reason: 'superseded' } })
    expect(online).toMatchObject({ epoch: 2, what: { kind: 'online' } })
  })
})

describe('rule 3: a graceful stop is final for its incarnation', () => {
  it('refuses a heartbeat that was still in flight (defect 2 of the peers)', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    await backend.t.mutation(api.workers.goOffline, {
      credentials,
      reason: 'shutdown',
      evidence: { cause: 'SIGTERM', drainMs: 300 },
    })
    await expectRefusal(
      backend.t.mutation(api.workers.heartbeat, { credentials, seq: 5 }),
      'INCARNATION_CLOSED',
    )
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'offline',
      offline: { reason: 'shutdown', evidence: { cause: 'SIGTERM', drainMs: 300 } },
    })
    expect((await readMachine(backend.t, worker)).status).toBe('offline')
  })

  it('lets the next process register', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
    await register(backend.t, worker)
    const now = await readWorker(backend.t, worker)
    expect(now).toMatchObject({ status: 'online', epoch: 2 })
    expect(now.offline).toBeUndefined()
  })
})

describe('rule 4: stale is not final', () => {
  it('recovers the same incarnation when it is heard again, with the gap', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    await passTime(backend.t, 100 * SECOND)
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'offline',
      offline: { reason: 'stale' },
    })
    vi.advanceTimersByTime(20 * SECOND)
    expect(await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })).toEqual({
      kind: 'recovered',
    })
    expect(await readWorker(backend.t, worker)).toMatchObject({ status: 'online', epoch: 1 })
    expect((await readEvents(backend.t, worker)).at(-1)).toMatchObject({
      epoch: 1,
      what: { kind: 'recovered', gapMs: 120 * SECOND },
    })
  })
})

describe('rule 5: heartbeats do not touch what the lists read', () => {
  it('leaves workers and machines alone', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    const before = [await readWorker(backend.t, worker), await readMachine(backend.t, worker)]
    vi.advanceTimersByTime(30 * SECOND)
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    expect([await readWorker(backend.t, worker), await readMachine(backend.t, worker)]).toEqual(before)
  })

  it('takes only a higher seq', async () => {
    const { credentials } = await onlineWorker(backend.t)
    const beat = (seq: number) => backend.t.mutation(api.workers.heartbeat, { credentials, seq })
    expect(await beat(2)).toEqual({ kind: 'counted' })
    expect(await beat(2)).toEqual({ kind: 'repeated' })
    expect(await beat(1)).toEqual({ kind: 'repeated' })
    expect(await beat(3)).toEqual({ kind: 'counted' })
  })
})

describe('rule 6: a machine changes with its workers', () => {
  it('stays online while another worker of it is', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const second = await makeWorker(owner, { name: 'docs', machineId: worker.machineId })
    const secondCredentials = await register(backend.t, second)
    await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
    expect((await readMachine(backend.t, worker)).status).toBe('online')
    await backend.t.mutation(api.workers.goOffline, {
      credentials: secondCredentials,
      reason: 'shutdown',
      evidence: {},
    })
    expect((await readMachine(backend.t, worker)).status).toBe('offline')
  })
})

describe('rule 17: every transition writes one event', () => {
  it('keeps when the worker was last heard, which the sweep does not overwrite (defect 10 of the peers)', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    vi.advanceTimersByTime(30 * SECOND)
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    const lastHeartbeatAt = Date.now()
    await passTime(backend.t, 92 * SECOND)
    const events = await readEvents(backend.t, worker)
    expect(events).toHaveLength(2)
    expect(events[1]).toMatchObject({
      noticedBy: 'sweep',
      what: { kind: 'offline', reason: 'stale', lastHeartbeatAt },
    })
    const noticedAfter = (events[1]?.at ?? 0) - lastHeartbeatAt
    expect(noticedAfter).toBeGreaterThan(90 * SECOND)
    expect(noticedAfter).toBeLessThanOrEqual(92 * SECOND)
  })

  it('does not write a second one when a stale worker then stops gracefully', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    await passTime(backend.t, 100 * SECOND)
    await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
    expect(await readEvents(backend.t, worker)).toHaveLength(2)
  })
})

describe('rule 7: only the server’s clock counts', () => {
  it('no function of a worker or its supervisor takes a moment from them', () => {
    const called = [
      'register',
      'heartbeat',
      'ready',
      'beginDraining',
      'goOffline',
      'reportExit',
      'reportHang',
    ] as const
    for (const name of called) {
      const { exportArgs } = workers[name] as unknown as { exportArgs: () => string }
      expect(exportArgs(), name).not.toMatch(/"\w*(At|Time|time|timestamp|deadline)"/)
    }
  })

  it('a drain’s deadline is counted from when the backend hears of it', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    vi.advanceTimersByTime(17 * SECOND)
    await backend.t.mutation(api.workers.beginDraining, { credentials, cause: 'SIGINT', deadlineMs: 500 })
    expect((await readWorker(backend.t, worker)).drain?.deadline).toBe(Date.now() + 500)
  })
})
