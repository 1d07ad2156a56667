/** Chats and their answers. Owns: the states of `sessions` and `messages` and the worker's count of running prompts. */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import type { OpenWorker } from './access'
import { addToChat } from './chatLength'
import { refusal } from './errors'
import type { usage, when } from './chatValidators'
import { lastSaid } from './lastSaid'
import { isRunning, mayBecome, type MessageStatus } from './messageStatus'
import { Tally } from './metricsTally'
import { countPrompts } from './phase'
import { refreshProgress } from './progress'

const utf8 = new TextEncoder()

function byteLength(text: string): number {
  return utf8.encode(text).byteLength
}

/** Throws `WORKER_NOT_APPROVED`, `WORKER_REVOKED`, `WORKER_OFFLINE` or `WORKER_DRAINING`. */
export function assertTakesWork(worker: Doc<'workers'>): void {
  if (worker.approval === 'pending') throw refusal('WORKER_NOT_APPROVED')
  if (worker.approval === 'revoked') throw refusal('WORKER_REVOKED')
  if (worker.status === 'offline') throw refusal('WORKER_OFFLINE')
  if (worker.phase === 'draining') throw refusal('WORKER_DRAINING')
}

/**
 * Throws what `assertTakesWork` throws; for `later` not that the worker is offline or shuts down: its next incarnation takes
 * what waits.
 */
export function assertTakesMessages(worker: Doc<'workers'>, when: When): void {
  const isAway = worker.status === 'offline' || worker.phase === 'draining'
  if (when === 'later' && worker.approval === 'approved' && isAway) return
  assertTakesWork(worker)
}

/** Whether a message is worth anything only `now`, or also `later`, when a worker that is away is back. */
export type When = Infer<typeof when>

/**
 * Adds a person's message and the queued answer to it. Throws `MESSAGE_EMPTY`, `MESSAGE_TOO_LONG`, `SESSION_ENDED`,
 * `LIMIT_REACHED` and what `assertTakesMessages` throws.
 */
export async function addMessage(
  ctx: MutationCtx,
  session: Doc<'sessions'>,
  text: string,
  when: When,
): Promise<Id<'messages'>> {
  if (text.trim().length === 0) throw refusal('MESSAGE_EMPTY')
  if (byteLength(text) > limits.messageBytes) throw refusal('MESSAGE_TOO_LONG')
  const worker = await workerFor(ctx, session, when)
  const said = { workerId: worker._id, role: 'user' as const, status: 'completed' as const, text }
  const messageId = await addToChat(ctx, session._id, said)
  await queueAnswer(ctx, session, messageId)
  return messageId
}

/** The worker of an open chat that has room for one more answer. */
async function workerFor(ctx: QueryCtx, session: Doc<'sessions'>, when: When): Promise<Doc<'workers'>> {
  if (session.status === 'ended') throw refusal('SESSION_ENDED')
  const worker = await ctx.db.get('workers', session.workerId)
  if (worker === null) throw refusal('NOT_FOUND')
  assertTakesMessages(worker, when)
  const queued = await ctx.db
    .query('messages')
    .withIndex('by_status_and_session', (q) => q.eq('status', 'queued').eq('sessionId', session._id))
    .take(limits.queuedPerSession)
  if (queued.length === limits.queuedPerSession) throw refusal('LIMIT_REACHED')
  return worker
}

async function queueAnswer(
  ctx: MutationCtx,
  { _id: sessionId, workerId, status }: Doc<'sessions'>,
  answers: Id<'messages'>,
): Promise<Id<'messages'>> {
  const worker = await ctx.db.get('workers', workerId)
  const answer = { workerId, role: 'assistant' as const, status: 'queued' as const, text: '' }
  const messageId = await addToChat(ctx, sessionId, { ...answer, answers })
  // A chat whose worker is away is taken up by the claim.
  const isHeld = worker?.status === 'online' ? ('active' as const) : status
  await ctx.db.patch('sessions', sessionId, { lastMessageAt: Date.now(), status: isHeld })
  await refreshProgress(ctx, sessionId)
  await new Tally().answer(null, answer).session({ status }, { status: isHeld }).write(ctx, workerId)
  return messageId
}

/**
 * Asks again what an answer that failed or was interrupted had been asked; that one keeps its text. Throws
 * `RETRY_OUT_OF_DATE` unless it is the last one of its chat, `SESSION_ENDED`, `LIMIT_REACHED` and what `assertTakesMessages`
 * throws.
 */
export async function askAgain(
  ctx: MutationCtx,
  session: Doc<'sessions'>,
  answer: Doc<'messages'>,
  when: When,
): Promise<Id<'messages'>> {
  const isOver = answer.status === 'failed' || answer.status === 'interrupted'
  const last = await lastSaid(ctx, session._id)
  if (!isOver || answer.answers === undefined || last?._id !== answer._id) throw refusal('RETRY_OUT_OF_DATE')
  if ((await ctx.db.get('messages', answer.answers)) === null) throw refusal('RETRY_OUT_OF_DATE')
  await workerFor(ctx, session, when)
  return await queueAnswer(ctx, session, answer.answers)
}

/**
 * Ends an answer that waits, or asks the worker to end one that it gives. Safe to repeat; nothing happens to one that has
 * ended.
 */
export async function stopAnswer(ctx: MutationCtx, answer: Doc<'messages'>): Promise<void> {
  if (answer.status === 'queued') {
    const cause = 'Stopped before it was begun.'
    await ctx.db.patch('messages', answer._id, { status: 'interrupted', cause, finishedAt: Date.now() })
    await refreshProgress(ctx, answer.sessionId)
    await new Tally().answer(answer, { status: 'interrupted' }).write(ctx, answer.workerId)
  } else if (isRunning(answer) && answer.stopRequestedAt === undefined) {
    await ctx.db.patch('messages', answer._id, { stopRequestedAt: Date.now() })
  }
}

/** Ends a chat for good. A running answer goes on to its end; queued ones fail. */
export async function closeSession(ctx: MutationCtx, session: Doc<'sessions'>): Promise<void> {
  const { _id, workerId } = session
  await ctx.db.patch('sessions', _id, { status: 'ended' })
  const tally = new Tally().session(session, { status: 'ended' })
  const queued = await ctx.db
    .query('messages')
    .withIndex('by_status_and_session', (q) => q.eq('status', 'queued').eq('sessionId', _id))
    .take(limits.queuedPerSession)
  for (const answer of queued) {
    tally.answer(answer, { status: 'failed' })
    await ctx.db.patch('messages', answer._id, {
      status: 'failed',
      cause: 'The chat was ended before this was answered.',
      finishedAt: Date.now(),
    })
  }
  if (queued.length > 0) await refreshProgress(ctx, _id)
  await tally.write(ctx, workerId)
}

/**
 * Gives a queued answer to the caller's incarnation, with what it needs to begin; undefined if it is not to be had (it was
 * claimed before, or its session has ended). Exactly one claim wins.
 */
export async function claimAnswer(
  ctx: MutationCtx,
  worker: OpenWorker,
  messageId: Id<'messages'>,
): Promise<{ session: Doc<'sessions'>; prompt: string } | undefined> {
  const answer = await ctx.db.get('messages', messageId)
  if (answer?.workerId !== worker._id || answer.answers === undefined) return undefined
  if (!mayBecome(answer, 'claimed')) return undefined
  const session = await ctx.db.get('sessions', answer.sessionId)
  const question = await ctx.db.get('messages', answer.answers)
  if (session === null || question === null || session.status === 'ended') return undefined
  assertTakesWork(worker)
  await ctx.db.patch('messages', messageId, { status: 'claimed', epoch: worker.epoch, appends: 0 })
  if (session.status !== 'active') await ctx.db.patch('sessions', session._id, { status: 'active' })
  await refreshProgress(ctx, session._id)
  const tally = new Tally().answer(answer, { status: 'claimed' }).session(session, { status: 'active' })
  await countPrompts(ctx, worker, 1, tally)
  return { session, prompt: question.text }
}

/** The answer that the caller's incarnation is writing. Throws `NOT_FOUND`, or `MESSAGE_CLOSED` once it has ended. */
export async function runningAnswer(
  ctx: MutationCtx,
  worker: OpenWorker,
  messageId: Id<'messages'>,
  next: MessageStatus,
): Promise<Doc<'messages'>> {
  const answer = await ctx.db.get('messages', messageId)
  if (answer?.workerId !== worker._id || answer.answers === undefined) throw refusal('NOT_FOUND')
  if (answer.epoch !== worker.epoch || !mayBecome(answer, next)) throw refusal('MESSAGE_CLOSED')
  return answer
}

/**
 * Adds text to a running answer. `index` counts its appends from 0: one that was taken before changes nothing. Throws
 * `APPEND_OUT_OF_ORDER`, `ANSWER_TOO_LONG`, `MESSAGE_CLOSED` or `NOT_FOUND`.
 */
export async function appendToAnswer(
  ctx: MutationCtx,
  worker: OpenWorker,
  part: { messageId: Id<'messages'>; index: number; text: string },
): Promise<void> {
  const answer = await runningAnswer(ctx, worker, part.messageId, 'streaming')
  const appends = answer.appends ?? 0
  if (part.index < appends) return
  if (part.index > appends) throw refusal('APPEND_OUT_OF_ORDER')
  const text = answer.text + part.text
  if (byteLength(text) > limits.answerBytes) throw refusal('ANSWER_TOO_LONG')
  await ctx.db.patch('messages', answer._id, {
    ...{ status: 'streaming', text, appends: appends + 1, modelRetry: undefined },
  })
}

/** Ends a running answer. Throws `MESSAGE_CLOSED` or `NOT_FOUND`. */
export async function finishAnswer(
  ctx: MutationCtx,
  worker: OpenWorker,
  messageId: Id<'messages'>,
  ending: { status: 'completed' | 'failed' | 'interrupted'; cause?: string; usage?: Infer<typeof usage> },
): Promise<void> {
  const answer = await runningAnswer(ctx, worker, messageId, ending.status)
  const finishedAt = Date.now()
  await ctx.db.patch('messages', answer._id, {
    ...ending,
    ...{ finishedAt, stopRequestedAt: undefined, modelRetry: undefined },
  })
  await ctx.db.patch('sessions', answer.sessionId, { lastMessageAt: finishedAt })
  await refreshProgress(ctx, answer.sessionId)
  await countPrompts(ctx, worker, -1, new Tally().answer(answer, ending))
}
