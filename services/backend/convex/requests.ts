/** What opencode asks a person in the middle of an answer, and the reply. The rules are in `model/requests`. */
import { v } from 'convex/values'
import { limits } from '../contract/limits'
import { approvedWorkerMutation, userMutation, userQuery, workerQuery } from './functions'
import { refusal } from './model/errors'
import { openRequests, raiseRequest, replyToRequest } from './model/requests'
import { sessionAs } from './model/roles'
import { runningAnswer } from './model/sessions'
import { reply, request } from './model/chatValidators'
import { personName } from './model/views'

// For people

/** What waits for a reply in a chat of the caller's, the first one first. `expiresAt` in ms since 1970. Throws `NOT_FOUND`. */
export const list = userQuery({
  args: { sessionId: v.id('sessions') },
  returns: v.array(
    v.object({
      id: v.id('requests'),
      messageId: v.id('messages'),
      what: request,
      expiresAt: v.number(),
    }),
  ),
  handler: async (ctx, { sessionId }) => {
    await sessionAs(ctx, ctx.userId, sessionId, 'viewer')
    const open = await openRequests(ctx, sessionId)
    return open.map(({ _id, messageId, what, expiresAt }) => ({ id: _id, messageId, what, expiresAt }))
  },
})

/**
 * Replies, for the worker to hand on. The first reply counts. Throws `NOT_FOUND`, `FORBIDDEN`, `REQUEST_CLOSED`,
 * `ARGUMENT_INVALID`.
 */
export const answer = userMutation({
  args: { requestId: v.id('requests'), reply },
  returns: v.null(),
  handler: async (ctx, { requestId, reply }) => {
    const asked = await ctx.db.get('requests', requestId)
    if (asked === null) throw refusal('NOT_FOUND')
    await sessionAs(ctx, ctx.userId, asked.sessionId, 'operator')
    await replyToRequest(ctx, asked, reply, personName(await ctx.db.get('users', ctx.userId)))
    return null
  },
})

// For the worker

/** opencode asks something in the middle of an answer; `key` is its id of it. Safe to repeat. Throws as `answers.append`. */
export const raise = approvedWorkerMutation({
  args: { messageId: v.id('messages'), key: v.string(), what: request },
  returns: v.null(),
  handler: async (ctx, { messageId, key, what }) => {
    const running = await runningAnswer(ctx, ctx.worker, messageId, 'streaming')
    await raiseRequest(ctx, { ...running, epoch: ctx.worker.epoch }, key, what)
    return null
  },
})

/** Replies to what this incarnation has asked, as long as it has not said that opencode has them. Followed by the worker. */
export const replies = workerQuery({
  args: {},
  returns: v.array(v.object({ id: v.id('requests'), key: v.string(), reply, by: v.string() })),
  handler: async (ctx) => {
    const { _id, epoch } = ctx.worker
    const replied = await ctx.db
      .query('requests')
      .withIndex('by_worker', (q) => q.eq('workerId', _id).eq('state.kind', 'replied').eq('epoch', epoch))
      .take(limits.pageSize)
    return replied.flatMap(({ _id, key, state }) =>
      state.kind === 'replied' ? [{ id: _id, key, reply: state.reply, by: state.by }] : [],
    )
  },
})

/** opencode has the reply, or does not ask any more. Safe to repeat. Throws `NOT_FOUND`. */
export const settle = approvedWorkerMutation({
  args: { requestId: v.id('requests') },
  returns: v.null(),
  handler: async (ctx, { requestId }) => {
    const asked = await ctx.db.get('requests', requestId)
    if (asked?.workerId !== ctx.worker._id) throw refusal('NOT_FOUND')
    const { state } = asked
    if (state.kind === 'replied') {
      await ctx.db.patch('requests', requestId, { state: { ...state, kind: 'settled' } })
    }
    return null
  },
})
