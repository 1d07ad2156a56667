/** Chats as people have them. What their workers do is in `answers.ts`, the rules in `model/sessions`. */
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { v } from 'convex/values'
import { userMutation, userQuery } from './functions'
import { identifier, pageOf } from './model/bounds'
import { Tally } from './model/metricsTally'
import { cleanName } from './model/names'
import { partsOf } from './model/parts'
import { requireRoom } from './model/rateLimits'
import { answerAs, sessionAs, workerAs } from './model/roles'
import { addMessage, askAgain, assertTakesMessages, closeSession, stopAnswer } from './model/sessions'
import { when } from './model/chatValidators'
import { messageView, partView, sessionView, viewMessage, viewPart, viewSession } from './model/views'

/** Chats listed per worker, newest first. */
const LISTED = 100

/**
 * Starts a chat with an online worker, or with `when: 'later'` with one that is away; without `model` the worker's default is used. Throws `NOT_FOUND`, `FORBIDDEN`,
 * `RATE_LIMITED`, `NAME_INVALID`, `WORKER_NOT_APPROVED`, `WORKER_REVOKED`, `WORKER_OFFLINE` or `WORKER_DRAINING`.
 */
export const startSession = userMutation({
  args: {
    ...{ workerId: v.id('workers'), model: v.optional(v.string()), title: v.optional(v.string()) },
    when: v.optional(when),
  },
  returns: v.id('sessions'),
  handler: async (ctx, { workerId, model, title, when = 'now' }) => {
    await requireRoom(ctx, 'messages', ctx.userId)
    const { worker } = await workerAs(ctx, ctx.userId, workerId, 'operator')
    assertTakesMessages(worker, when)
    if (model !== undefined) identifier('model', model)
    const status = worker.status === 'online' ? ('active' as const) : ('suspended' as const)
    const sessionId = await ctx.db.insert('sessions', {
      workerId,
      userId: ctx.userId,
      title: title === undefined ? 'New chat' : cleanName(title),
      status,
      lastMessageAt: Date.now(),
      ...(model !== undefined && { model }),
    })
    await new Tally().session(null, { status }).write(ctx, workerId)
    return sessionId
  },
})

/**
 * Sends a message; its answer is queued with it. With `when: 'later'` it may wait for a worker that is away. Throws `NOT_FOUND`, `FORBIDDEN`, `RATE_LIMITED` and what `addMessage` throws.
 */
export const sendMessage = userMutation({
  args: { sessionId: v.id('sessions'), text: v.string(), when: v.optional(when) },
  returns: v.id('messages'),
  handler: async (ctx, { sessionId, text, when = 'now' }) => {
    await requireRoom(ctx, 'messages', ctx.userId)
    return await addMessage(ctx, await sessionAs(ctx, ctx.userId, sessionId, 'operator'), text, when)
  },
})

/**
 * Asks again what an answer that failed or was interrupted had been asked: answers the new answer's id. Throws `NOT_FOUND`,
 * `FORBIDDEN`, `RATE_LIMITED` and what `askAgain` throws.
 */
export const retry = userMutation({
  args: { messageId: v.id('messages'), when: v.optional(when) },
  returns: v.id('messages'),
  handler: async (ctx, { messageId, when = 'now' }) => {
    await requireRoom(ctx, 'messages', ctx.userId)
    const { answer, session } = await answerAs(ctx, ctx.userId, messageId, 'operator')
    return await askAgain(ctx, session, answer, when)
  },
})

/**
 * Stops an answer: one that waits ends in this transaction, one that is being given as soon as the worker hears of it; what
 * was written is kept. Safe to repeat. Throws `NOT_FOUND`.
 */
export const stop = userMutation({
  args: { messageId: v.id('messages') },
  returns: v.null(),
  handler: async (ctx, { messageId }) => {
    await stopAnswer(ctx, (await answerAs(ctx, ctx.userId, messageId, 'viewer')).answer)
    return null
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

/** What the worker did on the way to an answer besides its text, in the order in which it began. Throws `NOT_FOUND`. */
export const parts = userQuery({
  args: { messageId: v.id('messages') },
  returns: v.array(partView),
  handler: async (ctx, { messageId }) => {
    const { answer } = await answerAs(ctx, ctx.userId, messageId, 'viewer')
    return (await partsOf(ctx, messageId)).map((part) => viewPart(part, answer))
  },
})
