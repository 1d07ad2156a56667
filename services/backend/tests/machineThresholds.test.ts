import { describe, expect, it } from 'vitest'
import { HOUR, SECOND, errorOf, limits } from '../contract'
import { api, internal } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import { sha256 } from '../convex/model/tokens'
import {
  expectRefusal,
  makeOwner,
  makeWorker,
  onlineWorker,
  passTime,
  readWorker,
  register,
  useBackend,
  type Owner,
  type WorkerFixture,
} from './setup'

const backend = useBackend()

const setTo = (owner: Owner, machineId: Id<'machines'>, staleThresholdMs?: number) =>
  owner.as.mutation(api.machines.setOverrides, {
    machineId,
    overrides: staleThresholdMs === undefined ? {} : { staleThresholdMs },
  })

const statusOf = async (worker: WorkerFixture) => (await readWorker(backend.t, worker)).status

/** How long the worker was silent when it was found to be lost. */
async function silenceOf(worker: WorkerFixture): Promise<number> {
  const { offline, statusChangedAt } = await readWorker(backend.t, worker)
  if (offline?.reason !== 'stale') throw new Error('it is not lost')
  return statusChangedAt - offline.lastHeartbeatAt
}

/** Never early, and at most two seconds late. */
async function expectLostAfter(ms: number, worker: WorkerFixture): Promise<void> {
  const silence = await silenceOf(worker)
  expect(silence).toBeGreaterThan(ms)
  expect(silence).toBeLessThanOrEqual(ms + 2 * SECOND)
}

describe('a machine’s own stale threshold', () => {
  it('is when its workers are lost, each at its own time, whoever came online first', async () => {
    const owner = await makeOwner(backend.t)
    const long = await makeWorker(owner, { machine: 'studio-mac' })
    await setTo(owner, long.machineId, 120 * SECOND)
    const usual = await makeWorker(owner, { machine: 'desk' })
    const short = await makeWorker(owner)
    await setTo(owner, short.machineId, 60 * SECOND)
    for (const worker of [long, usual, short]) {
      await register(backend.t, worker)
      await passTime(backend.t, SECOND)
    }
    await passTime(backend.t, 121 * SECOND)
    await expectLostAfter(60 * SECOND, short)
    await expectLostAfter(90 * SECOND, usual)
    await expectLostAfter(120 * SECOND, long)
  })

  it('holds for workers that are added later, by a person or by a code', async () => {
    const owner = await makeOwner(backend.t)
    const machineId = await owner.as.mutation(api.machines.create, { name: 'build-03' })
    await setTo(owner, machineId, 60 * SECOND)
    const added = await makeWorker(owner, { machineId })
    const secret = 's'.repeat(43)
    const host = { hostname: 'laptop', user: 'bob', directory: '/src', workerName: 'web' }
    const { code } = await backend.t.action(api.pairing.start, { secretHash: await sha256(secret), host })
    const { workerId } = await owner.as.action(api.pairing.approve, {
      ...{ code, place: { machineId }, workerName: 'web' },
    })
    const paired = { machineId, workerId, secret }
    for (const worker of [added, paired]) await register(backend.t, worker)
    await passTime(backend.t, 62 * SECOND)
    await expectLostAfter(60 * SECOND, added)
    await expectLostAfter(60 * SECOND, paired)
  })

  it('is kept by a worker that was lost and recovered, and by its next process', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    await setTo(owner, worker.machineId, 60 * SECOND)
    await passTime(backend.t, 70 * SECOND)
    await expectLostAfter(60 * SECOND, worker)
    expect(await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })).toEqual({
      kind: 'recovered',
    })
    await passTime(backend.t, 62 * SECOND)
    await expectLostAfter(60 * SECOND, worker)
    await register(backend.t, worker)
    await passTime(backend.t, 62 * SECOND)
    await expectLostAfter(60 * SECOND, worker)
  })

  it('made shorter is followed at once by a worker that is silent already', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await passTime(backend.t, 70 * SECOND)
    await setTo(owner, worker.machineId, 60 * SECOND)
    expect(await statusOf(worker)).toBe('online')
    await passTime(backend.t, 2 * SECOND)
    expect(await statusOf(worker)).toBe('offline')
    expect(await silenceOf(worker)).toBeLessThanOrEqual(72 * SECOND)
  })

  it('made shorter is followed before the sweep that was pending', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await passTime(backend.t, 10 * SECOND)
    await setTo(owner, worker.machineId, 60 * SECOND)
    await passTime(backend.t, 52 * SECOND)
    await expectLostAfter(60 * SECOND, worker)
  })

  it('made longer saves a worker that would have been lost, and removed again does not', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await passTime(backend.t, 80 * SECOND)
    await setTo(owner, worker.machineId, 140 * SECOND)
    await passTime(backend.t, 20 * SECOND)
    expect(await statusOf(worker)).toBe('online')
    await setTo(owner, worker.machineId)
    await passTime(backend.t, 2 * SECOND)
    expect(await statusOf(worker)).toBe('offline')
  })

  it('holds whatever becomes of the deployment’s', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const usual = await makeWorker(owner, { machine: 'desk' })
    await register(backend.t, usual)
    await setTo(owner, worker.machineId, 100 * SECOND)
    await backend.t.mutation(internal.settings.update, { staleThresholdMs: 60 * SECOND })
    await passTime(backend.t, 62 * SECOND)
    await expectLostAfter(60 * SECOND, usual)
    await backend.t.mutation(internal.settings.update, { staleThresholdMs: 140 * SECOND })
    await passTime(backend.t, 40 * SECOND)
    await expectLostAfter(100 * SECOND, worker)
  })

  it('is told to its workers, and in its owner’s trail with what else was changed', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const { machineId } = worker
    await setTo(owner, machineId, 60 * SECOND)
    expect(await backend.t.query(api.workers.self, { credentials })).toMatchObject({
      ...{ staleThresholdMs: 60 * SECOND, shutdownTimeoutMs: 10 * SECOND },
    })
    const overrides = { staleThresholdMs: 60 * SECOND, shutdownTimeoutMs: 20 * SECOND }
    await owner.as.mutation(api.machines.setOverrides, { machineId, overrides })
    // As they are already.
    await owner.as.mutation(api.machines.setOverrides, { machineId, overrides })
    await setTo(owner, machineId)
    const { page } = await owner.as.query(api.account.trail, {
      paginationOpts: { numItems: 50, cursor: null },
    })
    const overridesSet = { kind: 'overridesSet', machine: 'build-03' }
    expect(page.map(({ what }) => what).filter(({ kind }) => kind === 'overridesSet')).toEqual([
      { ...overridesSet, from: overrides, to: {} },
      { ...overridesSet, from: {}, to: { shutdownTimeoutMs: 20 * SECOND } },
      { ...overridesSet, from: {}, to: { staleThresholdMs: 60 * SECOND } },
    ])
  })
})

describe('a machine’s own stale threshold is refused', () => {
  const stored = (worker: WorkerFixture) =>
    backend.t.run(async (ctx) => {
      const liveness = await ctx.db
        .query('liveness')
        .withIndex('by_worker', (q) => q.eq('workerId', worker.workerId))
        .unique()
      const machine = await ctx.db.get('machines', worker.machineId)
      return [machine?.overrides?.staleThresholdMs ?? null, liveness?.staleAfterMs ?? null]
    })

  it.each([
    [60 * SECOND - 1, 'staleThresholdMs must be at least twice heartbeatIntervalMs'],
    [HOUR + 1, 'from 100 to 3600000'],
    ...[0, -1, 61_000.5, Number.NaN, Infinity].map((ms) => [ms, 'staleThresholdMs must be'] as const),
  ] as const)('at %d ms, with the rule, and nothing changes', async (ms, rule) => {
    const { owner, worker } = await onlineWorker(backend.t)
    await setTo(owner, worker.machineId, 70 * SECOND)
    const refused = await expectRefusal(setTo(owner, worker.machineId, ms), 'SETTINGS_INVALID')
    expect(errorOf(refused)?.message).toContain(rule)
    expect(await stored(worker)).toEqual([70 * SECOND, 70 * SECOND])
  })

  it('as one value more than all machines together may have, whose is the same as another’s or replaces one not', async () => {
    const owner = await makeOwner(backend.t)
    const value = (index: number) => (60 + index) * SECOND
    let last: Id<'machines'> | undefined
    for (let index = 0; index < limits.staleThresholds; index += 1) {
      last = await owner.as.mutation(api.machines.create, { name: `machine-${index}` })
      await setTo(owner, last, value(index))
    }
    const worker = await makeWorker(owner)
    const oneMore = setTo(owner, worker.machineId, value(limits.staleThresholds))
    expect(errorOf(await expectRefusal(oneMore, 'SETTINGS_INVALID'))?.message).toContain(
      '20 different values of staleThresholdMs',
    )
    expect(await stored(worker)).toEqual([null, null])
    await setTo(owner, worker.machineId, value(7))
    expect(await stored(worker)).toEqual([value(7), value(7)])
    if (last) await setTo(owner, last, value(99))
  })

  it('by a heartbeat interval that is too long for the least of them', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const other = await makeWorker(owner, { machine: 'studio-mac' })
    await setTo(owner, other.machineId, 80 * SECOND)
    await setTo(owner, worker.machineId, 70 * SECOND)
    const heartbeatOf = (seconds: number) =>
      backend.t.mutation(internal.settings.update, { heartbeatIntervalMs: seconds * SECOND })
    await heartbeatOf(35)
    const refused = errorOf(await expectRefusal(heartbeatOf(36), 'SETTINGS_INVALID'))
    expect(refused?.message).toContain('the least is 70000, so 35000 or less')
    expect(await backend.t.query(internal.settings.get, {})).toMatchObject({
      heartbeatIntervalMs: 35 * SECOND,
    })
    await setTo(owner, worker.machineId)
    await heartbeatOf(40)
  })
})
