import { describe, expect, it } from 'vitest'
import { alerting, HOUR, MINUTE, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import { crash, judged, leave, openFor, restart, set, watched } from './alertSteps'
import { makeAdmin, makeFleet, passTime, useBackend } from './setup'

const backend = useBackend()

describe('the fleet', () => {
  it('crashes often: from the threshold on, until half of it, with the last ones named', async () => {
    const admin = await makeAdmin(backend.t)
    await set(backend.t, { alertCrashesPerHour: 4, alertLostPercent: 0, unstableFailures: 20 })
    const fleet = await watched(backend.t, 4)
    for (const member of fleet.slice(0, 3)) await crash(backend.t, member)
    await judged(backend.t)
    expect(await openFor(admin)).toEqual([])
    for (const member of fleet.slice(3)) await crash(backend.t, member, 'Error: boom')
    await judged(backend.t)
    const [alert] = await openFor(admin)
    expect(alert?.evidence).toMatchObject({ rule: 'crashes', crashes: 4, threshold: 4 })
    expect(alert?.evidence).toHaveProperty('recent.0', {
      ...{ machine: 'fleet-0', worker: 'worker-3', at: expect.any(Number) as number, message: 'Error: boom' },
    })
    expect(alert?.subject).toBeUndefined()
    for (const member of fleet) await restart(backend.t, member)
    await passTime(backend.t, HOUR - MINUTE)
    expect(await openFor(admin)).toMatchObject([{ id: alert?.id }])
    await passTime(backend.t, 10 * MINUTE)
    expect(await openFor(admin)).toEqual([])
  })

  it('is ended by watchdogs', async () => {
    const admin = await makeAdmin(backend.t)
    const [worker] = await watched(backend.t, 1)
    if (!worker) throw new Error('there is one')
    await backend.t.mutation(api.workers.beginDraining, {
      ...{ credentials: worker.credentials, cause: 'SIGTERM', deadlineMs: SECOND },
    })
    await crash(backend.t, worker)
    await judged(backend.t)
    expect(await openFor(admin)).toMatchObject([{ evidence: { rule: 'timeouts', hung: 0, unfinished: 1 } }])
  })

  it('ends gracefully less often than it should; a few ends are no share', async () => {
    const admin = await makeAdmin(backend.t)
    await set(backend.t, { alertCrashesPerHour: 0, alertLostPercent: 0, unstableFailures: 20 })
    const fleet = await watched(backend.t, alerting.leastEnds)
    for (const member of fleet.slice(0, 2)) await crash(backend.t, member)
    for (const member of fleet.slice(2, -1)) await leave(backend.t, member)
    await judged(backend.t)
    expect(await openFor(admin)).toEqual([])
    for (const member of fleet.slice(-1)) await leave(backend.t, member)
    await judged(backend.t)
    expect(await openFor(admin)).toMatchObject([
      { evidence: { rule: 'graceful', graceful: 18, ends: 20, threshold: 95 } },
    ])
  })

  it('is missing in part; those that were stopped are not missing', async () => {
    const admin = await makeAdmin(backend.t)
    await set(backend.t, { alertCrashesPerHour: 0, unstableFailures: 20 })
    const fleet = await watched(backend.t, 12)
    for (const member of fleet.slice(6)) await leave(backend.t, member)
    for (const member of fleet.slice(0, 2)) await crash(backend.t, member)
    await judged(backend.t)
    expect(await openFor(admin)).toEqual([])
    const [, , third] = fleet
    if (third) await crash(backend.t, third)
    await judged(backend.t)
    expect(await openFor(admin)).toMatchObject([{ evidence: { rule: 'lost', lost: 3, of: 6 } }])
    for (const member of fleet.slice(0, 3)) await restart(backend.t, member)
    await passTime(backend.t, alerting.everyMs + SECOND)
    expect(await openFor(admin)).toEqual([])
  })

  it('is not judged while nothing happens, and once for many transitions', async () => {
    await watched(backend.t, 1)
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
    const admin = await makeAdmin(backend.t)
    await set(backend.t, {
      alertCrashesPerHour: 0,
      alertLostPercent: 0,
      alertGracefulPercent: 0,
      alertTimeoutsPerHour: 0,
    })
    const fleet = await watched(backend.t, alerting.leastEnds)
    for (const member of fleet) await crash(backend.t, member)
    await judged(backend.t)
    expect(await openFor(admin)).toEqual([])
  })
})
