import fc from 'fast-check'
import { vi } from 'vitest'
import { errorOf, MINUTE, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import { witnessOf } from './everyFunction'
import { step, type Step } from './presenceSteps'
import { passTime, register, sweepNow, type Backend, type Owner, type WorkerFixture } from './setup'

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
/** What can happen to three workers, and in their chats. */
export const anyStep: fc.Arbitrary<Step | ChatStep> = fc.oneof(
  { weight: 1, arbitrary: step },
  { weight: 2, arbitrary: chatStep },
)

/** A worker that steps are taken with. */
export interface Subject {
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

/** Takes a step with one of three workers, or lets time pass. */
export async function take(t: Backend, subjects: Subject[], step: Step | ChatStep): Promise<void> {
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
