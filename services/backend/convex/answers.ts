/**
 * Answers as workers give them: the open incarnation claims, streams and ends them. The rules are in `model/sessions`; who may call
 * is in the builders.
 */
import { literals } from 'convex-helpers/validators'
import { v, type Infer } from 'convex/values'
import { DAY } from '../contract/time'
import type { Id } from './_generated/dataModel'
import { approvedWorkerMutation, workerQuery } from './functions'
import { cut, identifier, whole } from './model/bounds'
import { refusal } from './model/errors'
import { Tally } from './model/metricsTally'
import { putParts as put } from './model/parts'
import { appendToAnswer, claimAnswer, finishAnswer, runningAnswer } from './model/sessions'
import { part, usage } from './model/chatValidators'
import { policy } from './model/validators'

/** Queued answers looked at for a worker: full chats by the handful. */
const QUEUE_WINDOW = 200

/** The oldest queued answer of each of the caller's chats; followed by the running worker, which claims them. */
export const queued = workerQuery({
  args: {},
  returns: v.array(v.object({ messageId: v.id('messages'), sessionId: v.id('sessions') })),
  handler: async (ctx) => {
    const answers = await ctx.db
      .query('messages')
      .withIndex('by_worker_and_status', (q) => q.eq('workerId', ctx.worker._id).eq('status', 'queued'))
      .take(QUEUE_WINDOW)
    const oldest = new Map<Id<'sessions'>, Id<'messages'>>()
    for (const { _id, sessionId } of answers) if (!oldest.has(sessionId)) oldest.set(sessionId, _id)
    return [...oldest].map(([sessionId, messageId]) => ({ messageId, sessionId }))
  },
})

/** Answers that the caller gives and that their people want to end; followed by the running worker. */
export const stops = workerQuery({
  args: {},
  returns: v.array(v.id('messages')),
  handler: async (ctx) => {
    const answers = await ctx.db
      .query('messages')
      .withIndex('by_worker_and_stop', (q) => q.eq('workerId', ctx.worker._id).gt('stopRequestedAt', 0))
      .take(QUEUE_WINDOW)
    return answers.map(({ _id }) => _id)
  },
})

/**
 * Takes a queued answer for the caller's incarnation: exactly one claim wins, `taken` tells the others. `policy`: what opencode
 * may do for this answer, absent for its own rules. Throws `WORKER_OFFLINE`, `WORKER_DRAINING`.
 */
export const claim = approvedWorkerMutation({
  args: { messageId: v.id('messages') },
  returns: v.union(
    v.object({
      kind: v.literal('claimed'),
      sessionId: v.id('sessions'),
      title: v.string(),
      prompt: v.string(),
      model: v.optional(v.string()),
      opencodeSessionId: v.optional(v.string()),
      policy: v.optional(policy),
    }),
    v.object({ kind: v.literal('taken') }),
  ),
  handler: async (ctx, { messageId }) => {
    const claimed = await claimAnswer(ctx, ctx.worker, messageId)
    if (!claimed) return { kind: 'taken' as const }
    const { _id, title, model, opencodeSessionId } = claimed.session
    return {
      kind: 'claimed' as const,
      sessionId: _id,
      title,
      prompt: claimed.prompt,
      ...(model !== undefined && { model }),
      ...(opencodeSessionId !== undefined && { opencodeSessionId }),
      ...(ctx.worker.policy && { policy: ctx.worker.policy }),
    }
  },
})

/**
 * Keeps which opencode session a chat continues, from the answer on that is about to be given. One in place of another means that
 * opencode has lost the conversation, which is said with the answer. Throws `MESSAGE_CLOSED`, `NOT_FOUND`.
 */
export const linkSession = approvedWorkerMutation({
  args: { messageId: v.id('messages'), opencodeSessionId: v.string() },
  returns: v.null(),
  handler: async (ctx, { messageId, opencodeSessionId }) => {
    identifier('opencodeSessionId', opencodeSessionId)
    const answer = await runningAnswer(ctx, ctx.worker, messageId, 'streaming')
    const session = await ctx.db.get('sessions', answer.sessionId)
    if (session === null) throw refusal('NOT_FOUND')
    const former = session.opencodeSessionId
    await ctx.db.patch('sessions', session._id, { opencodeSessionId })
    if (former !== undefined && former !== opencodeSessionId) {
      await ctx.db.patch('messages', messageId, { beganAnew: true })
    }
    return null
  },
})

/** Adds text to a running answer; `index` counts its appends from 0, a repeated one is harmless. See `appendToAnswer`. */
export const append = approvedWorkerMutation({
  args: { messageId: v.id('messages'), index: v.number(), text: v.string() },
  returns: v.null(),
  handler: async (ctx, part) => {
    whole('index', part.index)
    await appendToAnswer(ctx, ctx.worker, part)
    return null
  },
})

/** Tells what is done on the way to a running answer: each part in place of what was told of it. See `putParts`. */
export const putParts = approvedWorkerMutation({
  args: {
    messageId: v.id('messages'),
    parts: v.array(v.object({ key: v.string(), at: v.number(), what: part })),
  },
  returns: v.null(),
  handler: async (ctx, { messageId, parts }) => {
    await put(ctx, await runningAnswer(ctx, ctx.worker, messageId, 'streaming'), parts)
    return null
  },
})

/** The model is asked again later, `inMs` from now, because of `message`. Forgotten by the next text. Throws as `append`. */
export const noteModelRetry = approvedWorkerMutation({
  args: { messageId: v.id('messages'), attempt: v.number(), message: v.string(), inMs: v.number() },
  returns: v.null(),
  handler: async (ctx, { messageId, attempt, message, inMs }) => {
    const answer = await runningAnswer(ctx, ctx.worker, messageId, 'streaming')
    const at = Date.now() + whole('inMs', inMs, { most: DAY })
    await ctx.db.patch('messages', answer._id, {
      modelRetry: { attempt: whole('attempt', attempt), message: cut(message), at },
    })
    return null
  },
})

/** Throws `ARGUMENT_INVALID` for a count that is none. */
function soundUsage(given: Infer<typeof usage> | undefined): { usage?: Infer<typeof usage> } {
  if (given === undefined) return {}
  const { usd, ...tokens } = given
  for (const [name, count] of Object.entries(tokens)) whole(name, count)
  if (!Number.isFinite(usd) || usd < 0) throw refusal('ARGUMENT_INVALID', 'usd must be an amount of dollars.')
  return { usage: given }
}

/** The answer is whole. Throws `MESSAGE_CLOSED`, `NOT_FOUND`. */
export const complete = approvedWorkerMutation({
  args: { messageId: v.id('messages'), usage: v.optional(usage) },
  returns: v.null(),
  handler: async (ctx, { messageId, usage }) => {
    await finishAnswer(ctx, ctx.worker, messageId, { status: 'completed', ...soundUsage(usage) })
    return null
  },
})

/** The answer could not be given; `cause` is for a person. Throws `MESSAGE_CLOSED`, `NOT_FOUND`. */
export const fail = approvedWorkerMutation({
  args: { messageId: v.id('messages'), cause: v.string(), usage: v.optional(usage) },
  returns: v.null(),
  handler: async (ctx, { messageId, cause, usage }) => {
    await finishAnswer(ctx, ctx.worker, messageId, {
      ...{ status: 'failed', cause: cut(cause), ...soundUsage(usage) },
    })
    return null
  },
})

/** The answer was cut short and keeps its text; `cause` is for a person. Throws `MESSAGE_CLOSED`, `NOT_FOUND`. */
export const interrupt = approvedWorkerMutation({
  args: { messageId: v.id('messages'), cause: v.string(), usage: v.optional(usage) },
  returns: v.null(),
  handler: async (ctx, { messageId, cause, usage }) => {
    await finishAnswer(ctx, ctx.worker, messageId, {
      ...{ status: 'interrupted', cause: cut(cause), ...soundUsage(usage) },
    })
    return null
  },
})

/** The caller lets go of a chat (`suspended`), which its next incarnation can resume. Throws `NOT_FOUND`. */
export const suspendSession = approvedWorkerMutation({
  args: { sessionId: v.id('sessions') },
  returns: v.object({ kind: literals('suspended', 'unchanged') }),
  handler: async (ctx, { sessionId }) => {
    const session = await ctx.db.get('sessions', sessionId)
    if (session?.workerId !== ctx.worker._id) throw refusal('NOT_FOUND')
    if (session.status !== 'active') return { kind: 'unchanged' as const }
    await ctx.db.patch('sessions', sessionId, { status: 'suspended' })
    await new Tally().session(session, { status: 'suspended' }).write(ctx, session.workerId)
    return { kind: 'suspended' as const }
  },
})
