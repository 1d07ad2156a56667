import { describe, expect, it, vi } from 'vitest'
import { MINUTE, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import crons from '../convex/crons'
import {
  makeFleet,
  makeOwner,
  passTime,
  readMachine,
  readWorker,
  sweepNow,
  useBackend,
  type Member,
} from './setup'

const backend = useBackend()

/** What is waiting to run, cron aside: convex-test runs no crons. */
const pendingSweeps = () =>
  backend.t.run(async (ctx) =>
    (await ctx.db.system.query('_scheduled_functions').take(200)).filter(
      ({ name, state }) => /detectStaleWorkers/.test(name) && state.kind === 'pending',
    ),
  )

const statuses = (fleet: Member[]) =>
  Promise.all(fleet.map(async ({ worker }) => (await readWorker(backend.t, worker)).status))

describe('detectStaleWorkers', () => {
  it('runs every two minutes from crons.ts, the only place that is deployed (defect 1 of the peers)', () => {
    const [job] = Object.values(crons.crons)
    expect(job).toMatchObject({
      name: 'cleanupTasks:detectStaleWorkers',
      schedule: { type: 'interval', minutes: 2 },
    })
  })

  it('marks offline what is silent for over 90 s, and nothing else', async () => {
    const [silent, exact, alive] = await makeFleet(backend.t, 3)
    if (!silent || !exact || !alive) throw new Error('three workers')
    vi.setSystemTime(Date.now() + 1)
    await backend.t.mutation(api.workers.heartbeat, { credentials: exact.credentials, seq: 1 })
    vi.setSystemTime(Date.now() + 60 * SECOND)
    await backend.t.mutation(api.workers.heartbeat, { credentials: alive.credentials, seq: 1 })
    vi.setSystemTime(Date.now() + 30 * SECOND)

    expect(await sweepNow(backend.t)).toEqual({
      success: true,
      markedOfflineCount: 1,
      affectedMachineIds: [silent.worker.machineId],
    })
    expect(await statuses([silent, exact, alive])).toEqual(['offline', 'online', 'online'])
    expect((await readMachine(backend.t, alive.worker)).status).toBe('online')
  })

  it('answers an empty fleet with nothing', async () => {
    expect(await sweepNow(backend.t)).toEqual({
      success: true,
      markedOfflineCount: 0,
      affectedMachineIds: [],
    })
  })
})

describe('rule 9: the sweep comes at the deadline', () => {
  it('finds a silent worker between 90 and 92 s after its last heartbeat', async () => {
    const [member] = await makeFleet(backend.t, 1)
    if (!member) throw new Error('one worker')
    await passTime(backend.t, 30 * SECOND)
    await backend.t.mutation(api.workers.heartbeat, { credentials: member.credentials, seq: 1 })
    await passTime(backend.t, 90 * SECOND)
    expect(await statuses([member])).toEqual(['online'])
    await passTime(backend.t, 2 * SECOND)
    expect(await readWorker(backend.t, member.worker)).toMatchObject({
      status: 'offline',
      offline: { reason: 'stale' },
    })
  })

  it('keeps one pending sweep for the whole fleet, and none while nobody is online', async () => {
    const fleet = await makeFleet(backend.t, 5)
    expect(await pendingSweeps()).toHaveLength(1)
    await sweepNow(backend.t)
    expect(await pendingSweeps()).toHaveLength(1)
    for (const { credentials } of fleet) {
      await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
    }
    await sweepNow(backend.t)
    expect(await pendingSweeps()).toHaveLength(0)
    await makeFleet(backend.t, 1, 'another')
    expect(await pendingSweeps()).toHaveLength(1)
  })

  it('is armed again by the cron when the chain was lost', async () => {
    const [member] = await makeFleet(backend.t, 1)
    if (!member) throw new Error('one worker')
    for (const { _id } of await pendingSweeps()) await backend.t.run((ctx) => ctx.scheduler.cancel(_id))
    await passTime(backend.t, 2 * MINUTE)
    expect(await pendingSweeps()).toHaveLength(0)
    await sweepNow(backend.t)
    expect(await pendingSweeps()).toHaveLength(1)
    await passTime(backend.t, 92 * SECOND)
    expect(await statuses([member])).toEqual(['offline'])
  })
})

describe('rule 8: a sweep goes in batches', () => {
  it('goes on with a backlog of over a hundred in continuations', async () => {
    const fleet = await makeFleet(backend.t, 120)
    await passTime(backend.t, 92 * SECOND)
    // All at once is first taken for a failing network: see rule 10.
    await passTime(backend.t, 92 * SECOND)
    expect(new Set(await statuses(fleet))).toEqual(new Set(['offline']))
  })
})

describe('rule 15: the detector is watched too', () => {
  it('says when it last ran and when it is due, by the server’s clock, and that nothing is due while nobody is online', async () => {
    const owner = await makeOwner(backend.t)
    const state = () => owner.as.query(api.detector.state, {})
    expect(await state()).toMatchObject({ lastRunAt: null, nextRunAt: null })
    await makeFleet(backend.t, 1)
    const registeredAt = Date.now()
    expect(await state()).toMatchObject({ nextRunAt: registeredAt + 90 * SECOND + 50, grace: null })
    await passTime(backend.t, 10 * SECOND)
    await sweepNow(backend.t)
    expect(await state()).toMatchObject({ lastRunAt: Date.now(), serverNow: Date.now() })
    await passTime(backend.t, 92 * SECOND)
    expect(await state()).toMatchObject({ nextRunAt: null })
  })

  it('stays due when the sweep does not come, so that a page can tell that it is overdue', async () => {
    const owner = await makeOwner(backend.t)
    await makeFleet(backend.t, 1)
    for (const { _id } of await pendingSweeps()) await backend.t.run((ctx) => ctx.scheduler.cancel(_id))
    await passTime(backend.t, 100 * SECOND)
    const { nextRunAt, serverNow } = await owner.as.query(api.detector.state, {})
    expect(serverNow - (nextRunAt ?? serverNow)).toBeGreaterThan(9 * SECOND)
  })
})
