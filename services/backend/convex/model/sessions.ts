/** Chats and their answers. Owns: the states of `sessions` and `messages` and the worker's count of running prompts. */
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import type { OpenWorker } from './access'
import { refusal } from './errors'
import { mayBecome, type MessageStatus } from './messageStatus'

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
 * Adds a person's message and the queued answer to it. Throws `MESSAGE_EMPTY`, `MESSAGE_TOO_LONG`, `SESSION_ENDED`,
 * `LIMIT_REACHED` and what `assertTakesWork` throws.
 */
export async function addMessage(
  ctx: MutationCtx,
  session: Doc<'sessions'>,
  text: string,
): Promise<Id<'messages'>> {
  if (text.trim().length === 0) throw refusal('MESSAGE_EMPTY')
  if (byteLength(text) > limits.messageBytes) throw refusal('MESSAGE_TOO_LONG')
  if (session.status === 'ended') throw refusal('SESSION_ENDED')
  const worker = await ctx.db.get('workers', session.workerId)
  if (worker === null) throw refusal('NOT_FOUND')
  assertTakesWork(worker)
  const queued = await ctx.db
    .query('messages')
    .withIndex('by_status_and_session', (q) => q.eq('status', 'queued').eq('sessionId', session._id))
    .take(limits.queuedPerSession)
  if (queued.length === limits.queuedPerSession) throw refusal('LIMIT_REACHED')
  const common = { sessionId: session._id, workerId: session.workerId }
  const messageId = await ctx.db.insert('messages', { ...common, role: 'user', status: 'completed', text })
  await ctx.db.insert('messages', {
    ...common,
    role: 'assistant',
    status: 'queued',
    text: '',
    answers: messageId,
  })
  await ctx.db.patch('sessions', session._id, { lastMessageAt: Date.now(), status: 'active' })
  return messageId
}

/** Ends a chat for good. A running answer goes on to its end; queued ones fail. */
export async function closeSession(ctx: MutationCtx, { _id }: Doc<'sessions'>): Promise<void> {
  await ctx.db.patch('sessions', _id, { status: 'ended' })
  const queued = await ctx.db
    .query('messages')
    .withIndex('by_status_and_session', (q) => q.eq('status', 'queued').eq('sessionId', _id))
    .take(limits.queuedPerSession)
  for (const answer of queued) {
    await ctx.db.patch('messages', answer._id, {
      status: 'failed',
      cause: 'The chat was ended before this was answered.',
      finishedAt: Date.now(),
    })
  }
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
  await countPrompts(ctx, worker, 1)
  return { session, prompt: question.text }
}

/** The answer that the caller's incarnation is writing. Throws `NOT_FOUND`, or `MESSAGE_CLOSED` once it has ended. */
async function runningAnswer(
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
  await ctx.db.patch('messages', answer._id, { status: 'streaming', text, appends: appends + 1 })
}

/** Ends a running answer. Throws `MESSAGE_CLOSED` or `NOT_FOUND`. */
export async function finishAnswer(
  ctx: MutationCtx,
  worker: OpenWorker,
  messageId: Id<'messages'>,
  ending: { status: 'completed' | 'failed' | 'interrupted'; cause?: string },
): Promise<void> {
  const answer = await runningAnswer(ctx, worker, messageId, ending.status)
  const finishedAt = Date.now()
  await ctx.db.patch('messages', answer._id, { ...ending, finishedAt })
  await ctx.db.patch('sessions', answer.sessionId, { lastMessageAt: finishedAt })
  await countPrompts(ctx, worker, -1)
}

/** Busy while at least one prompt runs; draining and hung are not overwritten. */
async function countPrompts(ctx: MutationCtx, worker: OpenWorker, change: 1 | -1): Promise<void> {
  const runningPrompts = Math.max(0, worker.runningPrompts + change)
  const phase = runningPrompts > 0 ? 'busy' : 'ready'
  const follows = worker.phase === 'ready' || worker.phase === 'busy'
  await ctx.db.patch('workers', worker._id, {
    runningPrompts,
    ...(follows && phase !== worker.phase && { phase, phaseChangedAt: Date.now() }),
  })
}
