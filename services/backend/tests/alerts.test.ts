import { describe, expect, it } from 'vitest'
import { alerting, HOUR, limits, MINUTE, SECOND } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { lastWords } from '../convex/model/alertEvidence'
import {
  expectRefusal,
  makeFleet,
  makeOwner,
  onlineWorker,
  passTime,
  register,
  useBackend,
  WITNESS_KEY,
  type Member,
  type Owner,
} from './setup'

const backend = useBackend()

async function makeAdmin(email = 'root@example.com'): Promise<Owner> {
  const admin = await makeOwner(backend.t, email)
  await backend.t.run((ctx) => ctx.db.patch('users', admin.userId, { isAdmin: true }))
  return admin
}

const openFor = ({ as }: Owner) => as.query(api.alerts.open, {})
const pastFor = async ({ as }: Owner) =>
  (await as.query(api.alerts.past, { paginationOpts: { numItems: 20, cursor: null } })).page

const crash = ({ credentials: { workerId, epoch } }: Member, message = 'Error: no space left\n  at write') =>
  backend.t.mutation(api.workers.reportExit, { witness: { workerId, epoch, key: WITNESS_KEY }, message })

/** Registers again what has crashed. */
const restart = async (member: Member): Promise<Member> => ({
  ...member,
  credentials: await register(backend.t, member.worker),
})

async function crashTimes(member: Member, times: number): Promise<Member> {
  let now = member
  for (let i = 0; i < times; i++) {
    await crash(now)
    now = await restart(now)
  }
  return now
}

const leave = ({ credentials }: Member) =>
  backend.t.mutation(api.workers.goOffline, {
    credentials,
    reason: 'shutdown',
    evidence: { cause: 'SIGTERM' },
  })

it.each([
  [{ signal: 'SIGKILL', message: '' }, 'killed (SIGKILL)'],
  [{ exitCode: 3 }, 'exit code 3'],
])('what is told of an end: %o', (evidence, message) => {
  expect(lastWords(evidence)).toEqual({ message })
})

const set = (settings: Record<string, number>) => backend.t.mutation(internal.settings.update, settings)
const judged = () => passTime(backend.t, alerting.delayMs + SECOND)

/** Online workers, after the first look at the fleet. */
async function watched(count: number): Promise<Member[]> {
  const fleet = await makeFleet(backend.t, count)
  await judged()
  return fleet
}

describe('Alerts when workers frequently crash: one that is unstable', () => {
  it('is one alert, not one for each failure, with the last failure as its evidence; it ends by itself', async () => {
    const admin = await makeAdmin()
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    await set({ alertCrashesPerHour: 0 })
    const since = Date.now()
    await crashTimes({ worker, credentials }, 40)
    const [alert, ...others] = await openFor(owner)
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      rule: 'flapping',
      subject: { worker: 'api', machine: 'build-03', workerId: worker.workerId },
      openedAt: since,
      evidence: { failures: 40, threshold: 5, last: { reason: 'crashed', message: 'Error: no space left' } },
      mayMute: true,
    })
    expect(alert?.subject).not.toHaveProperty('ownerId')
    expect(await openFor(admin)).toEqual([alert])
    await passTime(backend.t, HOUR + SECOND)
    expect(await openFor(owner)).toEqual([])
    expect(await pastFor(owner)).toMatchObject([{ id: alert?.id, resolvedAt: since + HOUR }])
  })

  it('is an alert until no more than half as many failures count', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    let now: Member = { worker, credentials }
    const begun = Date.now()
    for (let i = 0; i < 5; i++) {
      now = await crashTimes(now, 1)
      await passTime(backend.t, MINUTE)
    }
    await leave(now)
    expect(await openFor(owner)).toHaveLength(1)
    await passTime(backend.t, begun + HOUR + 2 * MINUTE - SECOND - Date.now())
    expect(await openFor(owner)).toHaveLength(1)
    await passTime(backend.t, 2 * SECOND)
    expect(await openFor(owner)).toEqual([])
  })

  it('has no alert any more when it is revoked, and leaves none when it is removed', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    await crashTimes({ worker, credentials }, 5)
    const { workerId } = worker
    await owner.as.mutation(api.workerAccess.revoke, { workerId })
    expect(await openFor(owner)).toEqual([])
    expect(await pastFor(owner)).toHaveLength(1)
    await owner.as.mutation(api.workerAccess.remove, { workerId })
    await passTime(backend.t, MINUTE)
    expect(await pastFor(owner)).toEqual([])
  })
})

describe('the fleet', () => {
  it('crashes often: from the threshold on, until half of it, with the last ones named', async () => {
    const admin = await makeAdmin()
    await set({ alertCrashesPerHour: 4, alertLostPercent: 0, unstableFailures: 20 })
    const fleet = await watched(4)
    for (const member of fleet.slice(0, 3)) await crash(member)
    await judged()
    expect(await openFor(admin)).toEqual([])
    for (const member of fleet.slice(3)) await crash(member, 'Error: boom')
    await judged()
    const [alert] = await openFor(admin)
    expect(alert?.evidence).toMatchObject({ rule: 'crashes', crashes: 4, threshold: 4 })
    expect(alert?.evidence).toHaveProperty('recent.0', {
      ...{ machine: 'fleet-0', worker: 'worker-3', at: expect.any(Number) as number, message: 'Error: boom' },
    })
    expect(alert?.subject).toBeUndefined()
    for (const member of fleet) await restart(member)
    await passTime(backend.t, HOUR - MINUTE)
    expect(await openFor(admin)).toMatchObject([{ id: alert?.id }])
    await passTime(backend.t, 10 * MINUTE)
    expect(await openFor(admin)).toEqual([])
  })

  it('is ended by watchdogs', async () => {
    const admin = await makeAdmin()
    const [worker] = await watched(1)
    if (!worker) throw new Error('there is one')
    await backend.t.mutation(api.workers.beginDraining, {
      ...{ credentials: worker.credentials, cause: 'SIGTERM', deadlineMs: SECOND },
    })
    await crash(worker)
    await judged()
    expect(await openFor(admin)).toMatchObject([{ evidence: { rule: 'timeouts', hung: 0, unfinished: 1 } }])
  })

  it('ends gracefully less often than it should; a few ends are no share', async () => {
    const admin = await makeAdmin()
    await set({ alertCrashesPerHour: 0, alertLostPercent: 0, unstableFailures: 20 })
    const fleet = await watched(alerting.leastEnds)
    for (const member of fleet.slice(0, 2)) await crash(member)
    for (const member of fleet.slice(2, -1)) await leave(member)
    await judged()
    expect(await openFor(admin)).toEqual([])
    for (const member of fleet.slice(-1)) await leave(member)
    await judged()
    expect(await openFor(admin)).toMatchObject([
      { evidence: { rule: 'graceful', graceful: 18, ends: 20, threshold: 95 } },
    ])
  })

  it('is missing in part; those that were stopped are not missing', async () => {
    const admin = await makeAdmin()
    await set({ alertCrashesPerHour: 0, unstableFailures: 20 })
    const fleet = await watched(12)
    for (const member of fleet.slice(6)) await leave(member)
    for (const member of fleet.slice(0, 2)) await crash(member)
    await judged()
    expect(await openFor(admin)).toEqual([])
    const [, , third] = fleet
    if (third) await crash(third)
    await judged()
    expect(await openFor(admin)).toMatchObject([{ evidence: { rule: 'lost', lost: 3, of: 6 } }])
    for (const member of fleet.slice(0, 3)) await restart(member)
    await passTime(backend.t, alerting.everyMs + SECOND)
    expect(await openFor(admin)).toEqual([])
  })

  it('is not judged while nothing happens, and once for many transitions', async () => {
    await watched(1)
    const looks = async () =>
      (await backend.t.run((ctx) => ctx.db.system.query('_scheduled_functions').take(1_000))).filter(
        ({ name }) => /judgeFleet/.test(name),
      ).length
    const before = await looks()
    await passTime(backend.t, 80 * SECOND)
    expect(await looks()).toBe(before)
    await makeFleet(backend.t, 20, 'more')
    expect(await looks()).toBe(before + 1)
  })

  it('has no alert for a rule that is off', async () => {
    const admin = await makeAdmin()
    await set({
      alertCrashesPerHour: 0,
      alertLostPercent: 0,
      alertGracefulPercent: 0,
      alertTimeoutsPerHour: 0,
    })
    const fleet = await watched(alerting.leastEnds)
    for (const member of fleet) await crash(member)
    await judged()
    expect(await openFor(admin)).toEqual([])
  })
})

describe('who may see and mute', () => {
  it('whoever may see the worker sees its alert; its owner and administrators may mute it', async () => {
    const admin = await makeAdmin()
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const [viewer, stranger] = [
      await makeOwner(backend.t, 'vic@example.com'),
      await makeOwner(backend.t, 'eve@example.com'),
    ]
    const { machineId } = worker
    await backend.t.run((ctx) =>
      ctx.db.insert('shares', { machineId, userId: viewer.userId, role: 'viewer' }),
    )
    await crashTimes({ worker, credentials }, 5)
    const [alert] = await openFor(owner)
    if (!alert) throw new Error('there is one')
    expect(await openFor(viewer)).toEqual([{ ...alert, mayMute: false }])
    expect(await openFor(stranger)).toEqual([])
    const mute = ({ as }: Owner, forMs = HOUR) => as.mutation(api.alerts.mute, { alertId: alert.id, forMs })
    await expectRefusal(mute(stranger), 'NOT_FOUND')
    await expectRefusal(mute(viewer), 'FORBIDDEN')
    for (const wrong of [-1, 1, 1.5, alerting.muteMs.most + 1, Number.NaN]) {
      await expectRefusal(mute(owner, wrong), 'ARGUMENT_INVALID')
    }
    expect(await openFor(owner)).toEqual([alert])
    await mute(owner)
    expect(await openFor(admin)).toMatchObject([
      { mute: { until: Date.now() + HOUR, by: 'ada@example.com' }, mayMute: true },
    ])
    await mute(admin, 0)
    expect(await openFor(owner)).toEqual([alert])
  })

  it('alerts about the fleet are for administrators', async () => {
    const admin = await makeAdmin()
    const owner = await makeOwner(backend.t)
    await set({ alertCrashesPerHour: 1 })
    for (const member of await watched(1)) await crash(member)
    await judged()
    expect(await openFor(admin)).toHaveLength(1)
    expect(await openFor(owner)).toEqual([])
  })
})

it('alerts that are over are deleted with what was told of them, after the time that is set', async () => {
  const { owner, worker, credentials } = await onlineWorker(backend.t)
  await crashTimes({ worker, credentials }, 5)
  await passTime(backend.t, HOUR + SECOND)
  const before = Date.now()
  await backend.t.mutation(internal.cleanupTasks.deleteOldAlerts, { before: before - 2 * HOUR })
  expect(await pastFor(owner)).toHaveLength(1)
  await backend.t.mutation(internal.cleanupTasks.deleteOldAlerts, { before })
  expect(await pastFor(owner)).toEqual([])
})

it('of those that are over the newest are kept, and every one that is open', async () => {
  const admin = await makeAdmin()
  const last = limits.alerts + 30
  await backend.t.run(async (ctx) => {
    const numbered = [...Array.from({ length: 45 }, (_, i) => i + 1), last]
    for (const ordinal of numbered) {
      await ctx.db.insert('alerts', {
        ...{ rule: 'lost', isOpen: ordinal === 7, ordinal, openedAt: Date.now() + ordinal },
        evidence: { rule: 'lost', lost: 3, of: 4, threshold: 20 },
      })
    }
  })
  await backend.t.mutation(internal.cleanupTasks.deleteOldAlerts, { before: Date.now() })
  await passTime(backend.t, 5 * SECOND)
  const past = (await admin.as.query(api.alerts.past, { paginationOpts: { numItems: 50, cursor: null } }))
    .page
  expect(past.map(({ openedAt }) => openedAt)).toHaveLength(16)
  expect(await openFor(admin)).toHaveLength(1)
})
