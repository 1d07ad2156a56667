import { describe, expect, it, vi } from 'vitest'
import { SECOND, limits } from '../contract'
import type { Id } from '../convex/_generated/dataModel'
import type { MutationCtx } from '../convex/_generated/server'
import { authenticateLease } from '../convex/model/access'
import { beat } from '../convex/model/presence'
import { sweep } from '../convex/model/sweep'
import { sha256 } from '../convex/model/tokens'
import { isEverythingAsked } from './isEverythingAsked'
import { makeOwner, useBackend } from './setup'

/**
 * What a Convex deployment bills and limits, in documents, counted by convex-test (where a write counts as a read, too). The
 * bounds are those of the peers' table.
 */

const backend = useBackend()

const SECRET = 's'.repeat(43)
const PER_MACHINE = 10
const PER_TRANSACTION = 500

/** Online workers, ten to a machine, as a registration leaves them; written directly, since registering thousands takes minutes. */
async function seedFleet(
  size: number,
  lastHeartbeatAt: (index: number) => number,
  staleAfterMs: (index: number) => number | undefined = () => undefined,
): Promise<Id<'workers'>[]> {
  const { userId } = await makeOwner(backend.t)
  const secretHash = await sha256(SECRET)
  const workers: Id<'workers'>[] = []
  let machineId: Id<'machines'> | undefined
  const insertWorker = async (ctx: MutationCtx, index: number) => {
    const now = Date.now()
    if (index % PER_MACHINE === 0 || machineId === undefined) {
      const name = `machine-${index / PER_MACHINE}`
      machineId = await ctx.db.insert('machines', {
        ownerId: userId,
        name,
        status: 'online',
        statusChangedAt: now,
      })
    }
    const workerId = await ctx.db.insert('workers', {
      ...{ machineId, name: `worker-${index}`, secretHash, approval: 'approved', status: 'online' },
      ...{ statusChangedAt: now, epoch: 1, phase: 'ready', phaseChangedAt: now, runningPrompts: 0 },
    })
    workers.push(workerId)
    await ctx.db.insert('liveness', {
      ...{ workerId, online: true, lastHeartbeatAt: lastHeartbeatAt(index), seq: 0 },
      ...{ lease: { epoch: 1, secretHash }, staleAfterMs: staleAfterMs(index) },
    })
  }
  for (let from = 0; from < size; from += PER_TRANSACTION) {
    await backend.t.run(async (ctx) => {
      for (let i = from; i < Math.min(size, from + PER_TRANSACTION); i++) await insertWorker(ctx, i)
    })
  }
  return workers
}

async function costOf(work: (ctx: MutationCtx) => Promise<unknown>) {
  return await backend.t.mutation(async (ctx) => {
    await work(ctx)
    const { documentsRead, documentsWritten, functionsScheduled } = await ctx.meta.getTransactionMetrics()
    return { read: documentsRead.used, written: documentsWritten.used, scheduled: functionsScheduled.used }
  })
}

describe.each([10, 1_000, 5_000])('in a fleet of %i', (size) => {
  it('a heartbeat reads at most two documents, writes one, schedules nothing', async () => {
    const [workerId] = await seedFleet(size, () => Date.now())
    if (!workerId) throw new Error('a fleet')
    const credentials = { workerId, secret: SECRET, epoch: 1 }
    const cost = await costOf(async (ctx) => beat(ctx, await authenticateLease(ctx, credentials), 1))
    expect(cost.read).toBeLessThanOrEqual(2)
    expect(cost).toMatchObject({ written: 1, scheduled: 0 })
  })

  it('a sweep that finds nobody reads at most four documents', async () => {
    await seedFleet(size, () => Date.now())
    expect((await costOf(sweep)).read).toBeLessThanOrEqual(4)
  })

  it('a sweep that finds five on five machines reads at most 55, writes at most 25, schedules the next one and a judgement', async () => {
    const silent = (index: number) => index % PER_MACHINE === 0 && index < 5 * PER_MACHINE
    await seedFleet(Math.max(size, 50), (index) => Date.now() - (silent(index) ? 91 * SECOND : 0))
    const cost = await costOf(async (ctx) => {
      expect((await sweep(ctx)).markedOfflineCount).toBe(5)
    })
    expect(cost.read).toBeLessThanOrEqual(55)
    expect(cost.written).toBeLessThanOrEqual(25)
    expect(cost.scheduled).toBe(2)
  })
})

describe('in a fleet of 1,000 with as many thresholds as machines may have of their own', () => {
  const thresholds = limits.staleThresholds
  const ownOf = (index: number) => (index % 2 === 0 ? undefined : (200 + (index % (2 * thresholds))) * SECOND)

  it('a heartbeat reads at most two documents, writes one, schedules nothing', async () => {
    const [, workerId] = await seedFleet(1_000, () => Date.now(), ownOf)
    if (!workerId) throw new Error('a fleet')
    const credentials = { workerId, secret: SECRET, epoch: 1 }
    const cost = await costOf(async (ctx) => beat(ctx, await authenticateLease(ctx, credentials), 1))
    expect(cost.read).toBeLessThanOrEqual(2)
    expect(cost).toMatchObject({ written: 1, scheduled: 0 })
  })

  it('a sweep that finds nobody reads two documents more for each', async () => {
    await seedFleet(1_000, () => Date.now(), ownOf)
    expect((await costOf(sweep)).read).toBeLessThanOrEqual(4 + 2 * thresholds)
  })

  it('a sweep that finds five in five groups reads two documents more for each threshold, too', async () => {
    const silent = (index: number) => index < 10 && index % 2 === 1
    await seedFleet(1_000, (index) => Date.now() - (silent(index) ? 300 * SECOND : 0), ownOf)
    const cost = await costOf(async (ctx) => {
      expect((await sweep(ctx)).markedOfflineCount).toBe(5)
    })
    expect(cost.read).toBeLessThanOrEqual(55 + 2 * thresholds)
    expect(cost.written).toBeLessThanOrEqual(25)
  })
})

/** By `pnpm test:all` as large as the peers' table has it: to make it takes most of the time. */
const SILENT = isEverythingAsked ? 20_000 : 2_000

describe(`when a whole fleet of ${SILENT} is silent`, () => {
  it('the sweep stays inside the limits of a transaction, first granting a grace', async () => {
    await seedFleet(SILENT, () => Date.now())
    vi.setSystemTime(Date.now() + 91 * SECOND)
    const grace = await costOf(sweep)
    expect(grace.read).toBeLessThan(32_000)
    expect(await backend.t.run((ctx) => ctx.db.query('fleetEvents').take(10))).toMatchObject([
      { what: { cause: 'mass-silence' } },
    ])
    vi.setSystemTime(Date.now() + 91 * SECOND)
    const batch = await costOf(async (ctx) => {
      expect((await sweep(ctx)).markedOfflineCount).toBe(100)
    })
    expect(batch.read).toBeLessThan(32_000)
    expect(batch.scheduled).toBe(2)
  }, 60_000)
})
