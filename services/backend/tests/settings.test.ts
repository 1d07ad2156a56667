import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND, defaultSettings, errorOf } from '../contract'
import { api, internal } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import {
  expectRefusal,
  makeAdmin,
  makeOwner,
  makeWorker,
  onlineWorker,
  register,
  useBackend,
  type Owner,
} from './setup'

const backend = useBackend()

const trailOf = async ({ as }: Owner) =>
  (await as.query(api.account.trail, { paginationOpts: { numItems: 50, cursor: null } })).page
    .filter(({ what }) => what.kind === 'settingsChanged' || what.kind === 'overridesSet')
    .map(({ by, what }) => ({ by, what }))

const wrong = [
  [{ staleThresholdMs: 50 * SECOND }, 'staleThresholdMs must be at least twice heartbeatIntervalMs'],
  [{ heartbeatIntervalMs: 46 * SECOND }, 'staleThresholdMs must be at least twice heartbeatIntervalMs'],
  ...[0, -1, 1.5, 99, HOUR + 1, Number.NaN, Infinity].map(
    (heartbeatIntervalMs) => [{ heartbeatIntervalMs }, 'heartbeatIntervalMs must be'] as const,
  ),
  [{ staleThresholdMs: HOUR + 1 }, 'from 100 to 3600000'],
  [{ shutdownTimeoutMs: 499 }, 'shutdownTimeoutMs must be a whole number of milliseconds from 500 to 600000'],
  // A drain that long could not be announced.
  [{ shutdownTimeoutMs: 10 * MINUTE + 1 }, 'from 500 to 600000'],
  [{ requestTimeoutMs: 0.5 }, 'requestTimeoutMs must be'],
  [{ unstableFailures: 1 }, 'unstableFailures must be a whole number from 2 to 20.'],
  [{ unstableFailures: 21 }, 'from 2 to 20'],
  [{ alertCrashesPerHour: 2.5 }, 'alertCrashesPerHour must be a whole number from 0 to 1000000.'],
  [{ alertTimeoutsPerHour: -1 }, 'alertTimeoutsPerHour must be a whole number from 0'],
  [{ alertGracefulPercent: 101 }, 'alertGracefulPercent must be a whole number of percent from 0 to 100.'],
  [{ alertLostPercent: 0.5 }, 'alertLostPercent must be a whole number of percent from 0 to 100.'],
  [{ eventRetentionMs: DAY - 1 }, 'eventRetentionMs must be a whole number of milliseconds from 86400000'],
  [{ chatRetentionMs: 3_650 * DAY + 1 }, `chatRetentionMs must be a whole number of milliseconds`],
  [{ alertRetentionMs: 0 }, 'alertRetentionMs must be'],
  // One of several is wrong.
  [{ isSignUpOpen: true, requestTimeoutMs: 0 }, 'requestTimeoutMs must be'],
] as const

describe('settings', () => {
  it.each(wrong)('%o are refused with the rule, and nothing changes', async (changes, rule) => {
    const admin = await makeAdmin(backend.t, 'ada@example.com')
    await admin.as.mutation(api.settings.change, { requestTimeoutMs: 2 * MINUTE })
    const before = await admin.as.query(api.settings.show, {})
    for (const change of [
      backend.t.mutation(internal.settings.update, changes),
      admin.as.mutation(api.settings.change, changes),
    ]) {
      expect(errorOf(await expectRefusal(change, 'SETTINGS_INVALID'))?.message).toContain(rule)
    }
    expect(await backend.t.query(internal.settings.get, {})).toEqual(before)
    expect(await trailOf(admin)).toHaveLength(1)
  })

  it('that only fit together are taken together', async () => {
    const admin = await makeAdmin(backend.t, 'ada@example.com')
    const both = { heartbeatIntervalMs: 60 * SECOND, staleThresholdMs: 2 * MINUTE }
    expect(await admin.as.mutation(api.settings.change, both)).toEqual({ ...defaultSettings, ...both })
    expect(await admin.as.query(api.settings.show, {})).toEqual({ ...defaultSettings, ...both })
  })

  it('are in the trail of every administrator and of nobody else: what was changed, from what to what, by whom', async () => {
    const [ada, grace] = [
      await makeAdmin(backend.t, 'ada@example.com'),
      await makeAdmin(backend.t, 'grace@example.com'),
    ]
    const bob = await makeOwner(backend.t, 'bob@example.com')
    await ada.as.mutation(api.settings.change, { isSignUpOpen: true, shutdownTimeoutMs: 10 * SECOND })
    await backend.t.mutation(internal.settings.update, { shutdownTimeoutMs: 20 * SECOND })
    // As they are already.
    await ada.as.mutation(api.settings.change, { isSignUpOpen: true })
    await ada.as.mutation(api.settings.change, {})
    const told = [
      {
        by: 'whoever runs the backend',
        what: {
          kind: 'settingsChanged',
          from: { shutdownTimeoutMs: 10 * SECOND },
          to: { shutdownTimeoutMs: 20 * SECOND },
        },
      },
      {
        by: 'ada@example.com',
        what: { kind: 'settingsChanged', from: { isSignUpOpen: false }, to: { isSignUpOpen: true } },
      },
    ]
    expect(await trailOf(ada)).toEqual(told)
    expect(await trailOf(grace)).toEqual(told)
    expect(await trailOf(bob)).toEqual([])
  })

  it('that are not times are kept like those that are', async () => {
    const admin = await makeAdmin(backend.t, 'ada@example.com')
    const changes = {
      ...{ unstableFailures: 20, alertCrashesPerHour: 0, alertTimeoutsPerHour: 1_000_000 },
      ...{
        alertGracefulPercent: 0,
        alertLostPercent: 100,
        eventRetentionMs: DAY,
        chatRetentionMs: 3_650 * DAY,
      },
    }
    expect(await admin.as.mutation(api.settings.change, changes)).toEqual({ ...defaultSettings, ...changes })
    const [told] = await trailOf(admin)
    expect(told?.what).toMatchObject({ from: { unstableFailures: 5, alertGracefulPercent: 95 }, to: changes })
  })

  it('are the default ones where an older version wrote down fewer', async () => {
    await backend.t.run((ctx) =>
      ctx.db.insert('settings', {
        ...{ heartbeatIntervalMs: SECOND, staleThresholdMs: 3 * SECOND, shutdownTimeoutMs: 5 * SECOND },
      }),
    )
    expect(await backend.t.query(internal.settings.get, {})).toEqual({
      ...defaultSettings,
      ...{ heartbeatIntervalMs: SECOND, staleThresholdMs: 3 * SECOND, shutdownTimeoutMs: 5 * SECOND },
    })
  })

  it('that are not a worker’s are not told to it', async () => {
    const { credentials } = await onlineWorker(backend.t)
    const before = await backend.t.query(api.workers.self, { credentials })
    await backend.t.mutation(internal.settings.update, { eventRetentionMs: DAY, unstableFailures: 3 })
    expect(await backend.t.query(api.workers.self, { credentials })).toEqual(before)
    expect(Object.keys(before).sort()).toEqual([
      ...['approval', 'command', 'heartbeatIntervalMs', 'shutdownTimeoutMs', 'staleThresholdMs'],
    ])
  })

  it('reach a running worker through what it follows', async () => {
    const { credentials } = await onlineWorker(backend.t)
    const changes = { heartbeatIntervalMs: SECOND, staleThresholdMs: 3 * SECOND }
    await backend.t.mutation(internal.settings.update, changes)
    expect(await backend.t.query(api.workers.self, { credentials })).toMatchObject({
      approval: 'approved',
      ...changes,
    })
  })
})

describe('the shutdown timeout of a machine', () => {
  const setTo = (owner: Owner, machineId: Id<'machines'>, ms?: number) => {
    const overrides = ms === undefined ? {} : { shutdownTimeoutMs: ms }
    return owner.as.mutation(api.machines.setOverrides, { machineId, overrides })
  }

  it('is followed by its workers and by no others, until it is removed', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const elsewhere = await register(backend.t, await makeWorker(owner, { machine: 'studio-mac' }))
    const { machineId } = worker
    await setTo(owner, machineId, 20 * SECOND)
    const followed = async (of = credentials) =>
      (await backend.t.query(api.workers.self, { credentials: of })).shutdownTimeoutMs
    expect(await followed()).toBe(20 * SECOND)
    expect(await followed(elsewhere)).toBe(10 * SECOND)
    await backend.t.mutation(internal.settings.update, { shutdownTimeoutMs: 5 * SECOND })
    expect(await followed()).toBe(20 * SECOND)
    expect(await followed(elsewhere)).toBe(5 * SECOND)
    expect(await owner.as.query(api.machines.overrides, { machineId })).toEqual({
      overrides: { shutdownTimeoutMs: 20 * SECOND },
      deployment: {
        ...{ heartbeatIntervalMs: 30 * SECOND, staleThresholdMs: 90 * SECOND },
        shutdownTimeoutMs: 5 * SECOND,
      },
    })
    await setTo(owner, machineId)
    expect(await followed()).toBe(5 * SECOND)
    expect(await owner.as.query(api.machines.overrides, { machineId })).toMatchObject({ overrides: {} })
  })

  it('is told to a worker that registers', async () => {
    const owner = await makeOwner(backend.t)
    const { workerId, machineId, secret } = await makeWorker(owner)
    await setTo(owner, machineId, 20 * SECOND)
    const described = {
      ...{ hostname: 'build-03', pid: 1, directory: '/srv/app', key: 'process' },
      versions: { worker: '0.1.0', node: '20.19.0' },
    }
    expect(await backend.t.mutation(api.workers.register, { workerId, secret, ...described })).toMatchObject({
      shutdownTimeoutMs: 20 * SECOND,
      staleThresholdMs: 90 * SECOND,
    })
  })

  it.each([499, 1_000.5, 10 * MINUTE + 1, Number.NaN])(
    'of %d ms is refused with the rule, and nothing changes',
    async (ms) => {
      const { owner, worker, credentials } = await onlineWorker(backend.t)
      await setTo(owner, worker.machineId, 20 * SECOND)
      const refused = await expectRefusal(setTo(owner, worker.machineId, ms), 'SETTINGS_INVALID')
      expect(errorOf(refused)?.message).toContain('shutdownTimeoutMs must be')
      expect(await backend.t.query(api.workers.self, { credentials })).toMatchObject({
        shutdownTimeoutMs: 20 * SECOND,
      })
      expect(await trailOf(owner)).toHaveLength(1)
    },
  )

  it('is in its owner’s trail: from what to what', async () => {
    const owner = await makeOwner(backend.t)
    const { machineId } = await makeWorker(owner)
    for (const ms of [20 * SECOND, 20 * SECOND, undefined, undefined]) await setTo(owner, machineId, ms)
    const overridesSet = { kind: 'overridesSet', machine: 'build-03' }
    expect((await trailOf(owner)).map(({ what }) => what)).toEqual([
      { ...overridesSet, from: { shutdownTimeoutMs: 20 * SECOND }, to: {} },
      { ...overridesSet, from: {}, to: { shutdownTimeoutMs: 20 * SECOND } },
    ])
  })
})
