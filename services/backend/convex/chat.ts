/**
 * Chats: people start them and send, the worker's open incarnation claims, streams and ends answers. The rules are in
 * `model/sessions`; who may call is in the builders.
 */
import { literals } from 'convex-helpers/validators'
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { v } from 'convex/values'
import type { Id } from './_generated/dataModel'
import { approvedWorkerMutation, userMutation, userQuery, workerQuery } from './functions'
import { cut, identifier, pageOf, whole } from './model/bounds'
import { refusal } from './model/errors'
import { cleanName } from './model/names'
import { requireRoom } from './model/rateLimits'
import { sessionAs, workerAs } from './model/roles'
import {
  addMessage,
  appendToAnswer,
  assertTakesWork,
  claimAnswer,
  closeSession,
  finishAnswer,
} from './model/sessions'
import { messageView, sessionView, viewMessage, viewSession } from './model/views'

/** Queued answers looked at for a worker: full chats by the handful. */
const QUEUE_WINDOW = 200

/** Chats listed per worker, newest first. */
const LISTED = 100

// For people

/**
 * Starts a chat with an online worker; without `model` the worker's default is used. Throws `NOT_FOUND`, `FORBIDDEN`,
 * `RATE_LIMITED`, `NAME_INVALID`, `WORKER_NOT_APPROVED`, `WORKER_REVOKED`, `WORKER_OFFLINE` or `WORKER_DRAINING`.
 */
export const startSession = userMutation({
  args: { workerId: v.id('workers'), model: v.optional(v.string()), title: v.optional(v.string()) },
  returns: v.id('sessions'),
  handler: async (ctx, { workerId, model, title }) => {
    await requireRoom(ctx, 'messages', ctx.userId)
    assertTakesWork((await workerAs(ctx, ctx.userId, workerId, 'operator')).worker)
    if (model !== undefined) identifier('model', model)
    return await ctx.db.insert('sessions', {
      workerId,
      userId: ctx.userId,
      title: title === undefined ? 'New chat' : cleanName(title),
      status: 'active',
      lastMessageAt: Date.now(),
      ...(model !== undefined && { model }),
    })
  },
})

/**
 * Sends a message; its answer is queued with it. Throws `NOT_FOUND`, `FORBIDDEN`, `RATE_LIMITED` and what `addMessage` throws.
 */
export const sendMessage = userMutation({
  args: { sessionId: v.id('sessions'), text: v.string() },
  returns: v.id('messages'),
  handler: async (ctx, { sessionId, text }) => {
    await requireRoom(ctx, 'messages', ctx.userId)
    return await addMessage(ctx, await sessionAs(ctx, ctx.userId, sessionId, 'operator'), text)
  },
})

/** Ends a chat for good. A running answer goes on to its end; queued ones fail. Throws `NOT_FOUND`. */
export const endSession = userMutation({
  args: { sessionId: v.id('sessions') },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    await closeSession(ctx, await sessionAs(ctx, ctx.userId, sessionId, 'viewer'))
    return null
  },
})

/** One chat of the caller's. Throws `NOT_FOUND`. */
export const getSession = userQuery({
  args: { sessionId: v.id('sessions') },
  returns: sessionView,
  handler: async (ctx, { sessionId }) => viewSession(await sessionAs(ctx, ctx.userId, sessionId, 'viewer')),
})

/** The caller's chats with a worker, newest first. Throws `NOT_FOUND`. */
export const listSessions = userQuery({
  args: { workerId: v.id('workers') },
  returns: v.array(sessionView),
  handler: async (ctx, { workerId }) => {
    await workerAs(ctx, ctx.userId, workerId, 'viewer')
    const sessions = await ctx.db
      .query('sessions')
      .withIndex('by_user_and_worker', (q) => q.eq('userId', ctx.userId).eq('workerId', workerId))
      .order('desc')
      .take(LISTED)
    return sessions.map(viewSession)
  },
})

/** A chat's messages, newest first. Throws `NOT_FOUND`. */
export const listMessages = userQuery({
  args: { sessionId: v.id('sessions'), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(messageView),
  handler: async (ctx, { sessionId, paginationOpts }) => {
    await sessionAs(ctx, ctx.userId, sessionId, 'viewer')
    const messages = await ctx.db
      .query('messages')
      .withIndex('by_session', (q) => q.eq('sessionId', sessionId))
      .order('desc')
      .paginate(pageOf(paginationOpts))
    return { ...messages, page: messages.page.map(viewMessage) }
  },
})

// For the worker

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

/**
 * Takes a queued answer for the caller's incarnation: exactly one claim wins, `taken` tells the others. Throws
 * `WORKER_OFFLINE`, `WORKER_DRAINING`.
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
    }
  },
})

/** Keeps which opencode session a chat continues. Throws `NOT_FOUND`. */
export const linkSession = approvedWorkerMutation({
  args: { sessionId: v.id('sessions'), opencodeSessionId: v.string() },
  returns: v.null(),
  handler: async (ctx, { sessionId, opencodeSessionId }) => {
    const session = await ctx.db.get('sessions', sessionId)
    if (session?.workerId !== ctx.worker._id) throw refusal('NOT_FOUND')
    identifier('opencodeSessionId', opencodeSessionId)
    await ctx.db.patch('sessions', sessionId, { opencodeSessionId })
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

/** The answer is whole. Throws `MESSAGE_CLOSED`, `NOT_FOUND`. */
export const complete = approvedWorkerMutation({
  args: { messageId: v.id('messages') },
  returns: v.null(),
  handler: async (ctx, { messageId }) => {
    await finishAnswer(ctx, ctx.worker, messageId, { status: 'completed' })
    return null
  },
})

/** The answer could not be given; `cause` is for a person. Throws `MESSAGE_CLOSED`, `NOT_FOUND`. */
export const fail = approvedWorkerMutation({
  args: { messageId: v.id('messages'), cause: v.string() },
  returns: v.null(),
  handler: async (ctx, { messageId, cause }) => {
    await finishAnswer(ctx, ctx.worker, messageId, { status: 'failed', cause: cut(cause) })
    return null
  },
})

/** The answer was cut short and keeps its text; `cause` is for a person. Throws `MESSAGE_CLOSED`, `NOT_FOUND`. */
export const interrupt = approvedWorkerMutation({
  args: { messageId: v.id('messages'), cause: v.string() },
  returns: v.null(),
  handler: async (ctx, { messageId, cause }) => {
    await finishAnswer(ctx, ctx.worker, messageId, { status: 'interrupted', cause: cut(cause) })
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
    return { kind: 'suspended' as const }
  },
})
