import { describe, expect, it } from 'vitest'
import { alerting, HOUR, limits, MINUTE, SECOND } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { lastWords } from '../convex/model/alertEvidence'
import { crash, crashTimes, judged, leave, openFor, pastFor, set, watched } from './alertSteps'
import {
  expectRefusal,
  makeAdmin,
  makeOwner,
  onlineWorker,
  passTime,
  useBackend,
  type Member,
  type Owner,
} from './setup'

const backend = useBackend()

it.each([
  [{ signal: 'SIGKILL', message: '' }, 'killed (SIGKILL)'],
  [{ exitCode: 3 }, 'exit code 3'],
])('what is told of an end: %o', (evidence, message) => {
  expect(lastWords(evidence)).toEqual({ message })
})

describe('Alerts when workers frequently crash: one that is unstable', () => {
  it('is one alert, not one for each failure, with the last failure as its evidence; it ends by itself', async () => {
    const admin = await makeAdmin(backend.t)
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    await set(backend.t, { alertCrashesPerHour: 0 })
    const since = Date.now()
    await crashTimes(backend.t, { worker, credentials }, 40)
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
      now = await crashTimes(backend.t, now, 1)
      await passTime(backend.t, MINUTE)
    }
    await leave(backend.t, now)
    expect(await openFor(owner)).toHaveLength(1)
    await passTime(backend.t, begun + HOUR + 2 * MINUTE - SECOND - Date.now())
    expect(await openFor(owner)).toHaveLength(1)
    await passTime(backend.t, 2 * SECOND)
    expect(await openFor(owner)).toEqual([])
  })

  it('has no alert any more when it is revoked, and leaves none when it is removed', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    await crashTimes(backend.t, { worker, credentials }, 5)
    const { workerId } = worker
    await owner.as.mutation(api.workerAccess.revoke, { workerId })
    expect(await openFor(owner)).toEqual([])
    expect(await pastFor(owner)).toHaveLength(1)
    await owner.as.mutation(api.workerAccess.remove, { workerId })
    await passTime(backend.t, MINUTE)
    expect(await pastFor(owner)).toEqual([])
  })
})

describe('who may see and mute', () => {
  it('whoever may see the worker sees its alert; its owner and administrators may mute it', async () => {
    const admin = await makeAdmin(backend.t)
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const [viewer, stranger] = [
      await makeOwner(backend.t, 'vic@example.com'),
      await makeOwner(backend.t, 'eve@example.com'),
    ]
    const { machineId } = worker
    await backend.t.run((ctx) =>
      ctx.db.insert('shares', { machineId, userId: viewer.userId, role: 'viewer' }),
    )
    await crashTimes(backend.t, { worker, credentials }, 5)
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
    const admin = await makeAdmin(backend.t)
    const owner = await makeOwner(backend.t)
    await set(backend.t, { alertCrashesPerHour: 1 })
    for (const member of await watched(backend.t, 1)) await crash(backend.t, member)
    await judged(backend.t)
    expect(await openFor(admin)).toHaveLength(1)
    expect(await openFor(owner)).toEqual([])
  })
})

it('alerts that are over are deleted with what was told of them, after the time that is set', async () => {
  const { owner, worker, credentials } = await onlineWorker(backend.t)
  await crashTimes(backend.t, { worker, credentials }, 5)
  await passTime(backend.t, HOUR + SECOND)
  const before = Date.now()
  await backend.t.mutation(internal.cleanupTasks.deleteOldAlerts, { before: before - 2 * HOUR })
  expect(await pastFor(owner)).toHaveLength(1)
  await backend.t.mutation(internal.cleanupTasks.deleteOldAlerts, { before })
  expect(await pastFor(owner)).toEqual([])
})

it('of those that are over the newest are kept, and every one that is open', async () => {
  const admin = await makeAdmin(backend.t)
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
