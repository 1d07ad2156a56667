/**
 * What opencode asks a person in the middle of an answer. Owns: `requests`.
 *
 *   open ──a person's reply, or nobody's in time──▶ replied ──opencode has it──▶ settled
 *
 * A request is worth nothing once its answer has ended, whatever its state.
 */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { identifier, shortened } from './bounds'
import { refusal } from './errors'
import { isRunning } from './messageStatus'
import { refreshProgress } from './progress'
import { readSettings } from './settings'
import type { reply, request } from './chatValidators'

export type Request = Infer<typeof request>
export type Reply = Infer<typeof reply>

const NOBODY = 'nobody in time'

/** Puts a request before the person of the chat; safe to repeat. What exceeds `limits.requestsPerAnswer` is refused by itself. */
export async function raiseRequest(
  ctx: MutationCtx,
  answer: Doc<'messages'> & { epoch: number },
  key: string,
  what: Request,
): Promise<void> {
  identifier('key', key)
  const { _id: messageId, sessionId, workerId, epoch } = answer
  const known = await ctx.db
    .query('requests')
    .withIndex('by_message_and_key', (q) => q.eq('messageId', messageId))
    .take(limits.requestsPerAnswer)
  if (known.some((request) => request.key === key)) return
  const { requestTimeoutMs } = await readSettings(ctx)
  const isTooMany = known.length === limits.requestsPerAnswer
  const expiresAt = Date.now() + (isTooMany ? 0 : requestTimeoutMs)
  const requestId = await ctx.db.insert('requests', {
    ...{ messageId, sessionId, workerId, epoch, key, what: bounded(what), expiresAt },
    state: { kind: 'open' },
  })
  await ctx.scheduler.runAt(expiresAt, internal.cleanupTasks.expireRequest, { requestId })
  await refreshProgress(ctx, sessionId)
}

/** Throws `REQUEST_CLOSED`, or `ARGUMENT_INVALID` for a reply to something else than was asked. */
export async function replyToRequest(
  ctx: MutationCtx,
  request: Doc<'requests'>,
  reply: Reply,
  by: string,
): Promise<void> {
  const answer = await ctx.db.get('messages', request.messageId)
  if (request.state.kind !== 'open' || !answer || !isRunning(answer)) throw refusal('REQUEST_CLOSED')
  assertFits(request.what, reply)
  await ctx.db.patch('requests', request._id, { state: { kind: 'replied', reply, by } })
  await refreshProgress(ctx, request.sessionId)
}

/** Nobody has replied: no. */
export async function expireRequest(ctx: MutationCtx, requestId: Id<'requests'>): Promise<void> {
  const request = await ctx.db.get('requests', requestId)
  if (request?.state.kind !== 'open') return
  await ctx.db.patch('requests', requestId, {
    state: { kind: 'replied', reply: { kind: 'reject' }, by: NOBODY },
  })
  await refreshProgress(ctx, request.sessionId)
}

/** What waits for a reply in a chat, the first one first. */
export async function openRequests(ctx: QueryCtx, sessionId: Id<'sessions'>): Promise<Doc<'requests'>[]> {
  const open = await ctx.db
    .query('requests')
    .withIndex('by_session', (q) => q.eq('sessionId', sessionId).eq('state.kind', 'open'))
    .take(limits.requestsPerAnswer)
  const current = await Promise.all(
    open.map(async (request) => {
      const answer = await ctx.db.get('messages', request.messageId)
      return answer && isRunning(answer) ? [request] : []
    }),
  )
  return current.flat()
}

function assertFits(what: Request, reply: Reply): void {
  if (reply.kind === 'reject') return
  if (what.kind === 'permission' && reply.kind !== 'answers') return
  const isAnswered =
    what.kind === 'question' &&
    reply.kind === 'answers' &&
    reply.answers.length === what.questions.length &&
    reply.answers.every((chosen) => chosen.length <= limits.requestItems)
  if (!isAnswered) throw refusal('ARGUMENT_INVALID', 'This is no answer to what was asked.')
  for (const text of reply.answers.flat()) {
    if (text.length > limits.evidenceLength) throw refusal('ARGUMENT_INVALID', 'An answer is too long.')
  }
}

function bounded(what: Request): Request {
  const short = (text: string) => shortened(text, limits.evidenceLength)
  const some = <T>(items: T[]) => items.slice(0, limits.requestItems)
  if (what.kind === 'permission') {
    const { permission, patterns } = what
    return { ...what, permission: identifier('permission', permission), patterns: some(patterns).map(short) }
  }
  const questions = some(what.questions).map(({ header, question, options, mayChooseSeveral }) => ({
    ...{ header: short(header), question: short(question), mayChooseSeveral },
    options: some(options).map(({ label, description }) => ({
      ...{ label: shortened(label, limits.identifierLength) },
      description: shortened(description, limits.identifierLength),
    })),
  }))
  return { ...what, questions }
}
