import fc from 'fast-check'
import { convexTest } from 'convex-test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE, SECOND } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { standingOf } from '../convex/model/metricsSeries'
import { readCounts } from '../convex/model/metricsTally'
import schema from '../convex/schema'
import { anyStep, take, type Subject } from './fleetSteps'
import { makeOwner, makeWorker, modules, passTime, type Backend } from './setup'

/** Whatever happens in whatever order, the numbers that are kept are those that a look at every document finds. */

/** Counts every document. */
async function scan(t: Backend): Promise<Record<string, number>> {
  return await t.run(async (ctx) => {
    const counts: Record<string, number> = {}
    const add = (series: string) => (counts[series] = (counts[series] ?? 0) + 1)
    for (const worker of await ctx.db.query('workers').take(1_000)) {
      const standing = standingOf(worker)
      if (standing) add(`workers.${standing}`)
      if (standing && worker.isUnstable) add('unstable')
    }
    for (const { what } of await ctx.db.query('workerEvents').take(10_000)) {
      add(what.kind === 'offline' ? `transitions.offline.${what.reason}` : `transitions.${what.kind}`)
      if (what.kind === 'offline' && what.reason === 'stale') add('sweeps.workers')
    }
    for (const { status } of await ctx.db.query('sessions').take(1_000)) {
      if (status === 'active') add('sessions.active')
    }
    for (const { role, status } of await ctx.db.query('messages').take(1_000)) {
      const isCounted = status !== 'claimed' && status !== 'streaming'
      if (role === 'assistant' && isCounted) add(`answers.${status}`)
    }
    return counts
  })
}

const scanned = /^(workers|unstable|transitions|sweeps\.workers|sessions|answers)/

async function check(t: Backend): Promise<void> {
  const kept = Object.entries(await t.run((ctx) => readCounts(ctx)))
  const compared = kept.filter(([series, count]) => scanned.test(series) && count !== 0)
  expect(Object.fromEntries(compared)).toEqual(await scan(t))
}

/** Compares what there is, without what was. */
async function checkGauges(t: Backend): Promise<void> {
  const gaugesOf = (counts: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(counts).filter(([name, count]) => /^workers|queued|active/.test(name) && count !== 0),
    )
  expect(gaugesOf(await t.run((ctx) => readCounts(ctx)))).toEqual(gaugesOf(await scan(t)))
}

describe('the numbers of the fleet', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000 * MINUTE }))
  afterEach(() => void vi.useRealTimers())

  it('are what a scan counts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 25, maxLength: 60, size: 'max' }),
        fc.boolean(),
        async (steps, areChatsOld) => {
          vi.setSystemTime(1_000 * MINUTE)
          const t = convexTest({ schema, modules, transactionLimits: true })
          const owner = await makeOwner(t)
          const first = await makeWorker(owner, { name: 'a' })
          const second = await makeWorker(owner, { name: 'b', machineId: first.machineId })
          const third = await makeWorker(owner, { name: 'c', machine: 'studio-mac', approved: false })
          const subjects = [first, second, third].map((fixture): Subject => ({
            ...{ fixture, owner, runs: [], seq: 0, chats: [] },
          }))
          // Nothing much can happen to a worker that never came.
          for (const worker of [0, 1]) await take(t, subjects, { do: 'register', worker })
          for (const step of steps) {
            await take(t, subjects, step)
            await check(t)
          }
          if (areChatsOld) {
            await t.mutation(internal.cleanupTasks.deleteOldChats, { before: Date.now() + 1 })
            await passTime(t, 20 * SECOND)
            await checkGauges(t)
          }
          await owner.as.mutation(api.machines.remove, { machineId: first.machineId })
          await passTime(t, 6 * MINUTE)
          vi.clearAllTimers()
          const left = await t.run((ctx) => ctx.db.query('workers').take(10))
          expect(left.map(({ _id }) => _id)).toEqual([third.workerId])
          await checkGauges(t)
          const kept = await t.run((ctx) => readCounts(ctx))
          const ofWorkers = Object.entries(kept).filter(([series]) => series.startsWith('workers.'))
          expect(ofWorkers.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 60 },
    )
  }, 120_000)
})
