import fc from 'fast-check'
import { convexTest } from 'convex-test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { errorOf, MINUTE, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import { standingOf } from '../convex/model/metricsSeries'
import { readCounts } from '../convex/model/metricsTally'
import schema from '../convex/schema'
import { witnessOf } from './everyFunction'
import { step, type Step } from './presenceSteps'
import {
  makeOwner,
  makeWorker,
  modules,
  passTime,
  register,
  sweepNow,
  type Backend,
  type Owner,
  type WorkerFixture,
} from './setup'

/** Whatever happens in whatever order, the numbers that are kept are those that a look at every document finds. */

type ChatStep = {
  do:
    'ready' | 'unhang' | 'drain' | 'approve' | 'chat' | 'ask' | 'claim' | 'finish' | 'stopAnswer' | 'endChat'
  worker: number
}

const worker = fc.nat({ max: 2 })
const chatStep: fc.Arbitrary<ChatStep> = fc.record({
  do: fc.constantFrom(
    ...(['ready', 'unhang', 'drain', 'approve', 'chat', 'chat', 'ask', 'ask', 'ask'] as const),
    ...(['claim', 'claim', 'finish', 'stopAnswer', 'endChat'] as const),
  ),
  worker,
})
const anyStep: fc.Arbitrary<Step | ChatStep> = fc.oneof(
  { weight: 1, arbitrary: step },
  { weight: 2, arbitrary: chatStep },
)

interface Subject {
  fixture: WorkerFixture
  owner: Owner
  runs: Awaited<ReturnType<typeof register>>[]
  seq: number
  chats: Id<'sessions'>[]
}

/** Refusals are a part of what can happen. */
async function orRefused<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (errorOf(error) === undefined) throw error
    return undefined
  }
}

async function take(t: Backend, subjects: Subject[], step: Step | ChatStep): Promise<void> {
  if (step.do === 'pass') {
    await passTime(t, step.seconds * SECOND)
    return
  }
  if (step.do === 'sleep' || step.do === 'cron') {
    if (step.do === 'sleep') vi.setSystemTime(Date.now() + step.minutes * MINUTE)
    await sweepNow(t)
    return
  }
  const subject = subjects[step.worker]
  if (!subject) throw new Error('three workers')
  await orRefused(takeOne(t, subject, step))
}

const ownerSteps = ['revoke', 'approve', 'chat', 'ask', 'stopAnswer', 'endChat'] as const
type OwnerStep = (typeof ownerSteps)[number]
const isOwners = (what: string): what is OwnerStep => ownerSteps.some((one) => one === what)

async function takeAsOwner(t: Backend, { fixture, owner, chats }: Subject, what: OwnerStep): Promise<void> {
  const { workerId } = fixture
  const sessionId = chats.at(-1)
  switch (what) {
    case 'revoke':
      await owner.as.mutation(api.workerAccess.revoke, { workerId })
      return
    case 'approve':
      await owner.as.mutation(api.workerAccess.approve, { workerId })
      return
    case 'chat':
      chats.push(await owner.as.mutation(api.chat.startSession, { workerId, when: 'later' }))
      return
    case 'ask':
      if (sessionId) await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'x', when: 'later' })
      return
    case 'endChat':
      if (sessionId) await owner.as.mutation(api.chat.endSession, { sessionId })
      return
    case 'stopAnswer': {
      const queued = await t.run((ctx) =>
        ctx.db
          .query('messages')
          .withIndex('by_worker_and_status', (q) => q.eq('workerId', workerId).eq('status', 'queued'))
          .first(),
      )
      if (queued) await owner.as.mutation(api.chat.stop, { messageId: queued._id })
      return
    }
    default:
      what satisfies never
  }
}

async function takeOne(
  t: Backend,
  subject: Subject,
  step: Exclude<Step | ChatStep, { do: 'pass' | 'sleep' | 'cron' }>,
): Promise<void> {
  const { fixture, runs } = subject
  const { workerId } = fixture
  const what = step.do
  if (what === 'register') {
    runs.push(await register(t, fixture))
    subject.seq = 0
    return
  }
  if (isOwners(what)) {
    await takeAsOwner(t, subject, what)
    return
  }
  const run = runs.at(
    step.do === 'crashOfAnOlderRun' || (step.do === 'beat' && step.run === 'previous') ? -2 : -1,
  )
  if (!run) return
  const witness = witnessOf(run)
  switch (what) {
    case 'beat':
      subject.seq += 1
      await t.mutation(api.workers.heartbeat, { credentials: run, seq: subject.seq })
      return
    case 'stop':
      await t.mutation(api.workers.goOffline, { credentials: run, reason: 'shutdown', evidence: {} })
      return
    case 'crash':
    case 'crashOfAnOlderRun':
      await t.mutation(api.workers.reportExit, { witness, signal: 'SIGKILL', noticedAfterMs: 5 })
      return
    case 'hang':
    case 'unhang':
      await t.mutation(api.workers.reportHang, { witness, isHung: what === 'hang' })
      return
    case 'ready':
      await t.mutation(api.workers.ready, { credentials: run, opencodeVersion: '1' })
      return
    case 'drain':
      await t.mutation(api.workers.beginDraining, { credentials: run, cause: 'SIGTERM', deadlineMs: 1 })
      return
    case 'claim': {
      const [next] = await t.query(api.answers.queued, { credentials: run })
      if (next) await t.mutation(api.answers.claim, { credentials: run, messageId: next.messageId })
      return
    }
    case 'finish': {
      const claimed = await t.run((ctx) =>
        ctx.db
          .query('messages')
          .withIndex('by_worker_and_status', (q) => q.eq('workerId', workerId).eq('status', 'claimed'))
          .first(),
      )
      if (claimed) await t.mutation(api.answers.complete, { credentials: run, messageId: claimed._id })
      return
    }
    default:
      what satisfies never
  }
}

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

describe('the numbers of the fleet', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000 * MINUTE }))
  afterEach(() => void vi.useRealTimers())

  it('are what a scan counts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 25, maxLength: 60, size: 'max' }), async (steps) => {
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
        await owner.as.mutation(api.machines.remove, { machineId: first.machineId })
        await passTime(t, 6 * MINUTE)
        vi.clearAllTimers()
        const left = await t.run((ctx) => ctx.db.query('workers').take(10))
        expect(left.map(({ _id }) => _id)).toEqual([third.workerId])
        const kept = await t.run((ctx) => readCounts(ctx))
        const gauges = Object.entries(await scan(t)).filter(([series]) =>
          /^workers|queued|active/.test(series),
        )
        expect(kept).toMatchObject(Object.fromEntries(gauges))
        const ofWorkers = Object.entries(kept).filter(([series]) => series.startsWith('workers.'))
        expect(ofWorkers.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})
