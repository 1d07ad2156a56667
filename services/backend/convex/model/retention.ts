/**
 * The end of what is too old to be of use. Each step fits a transaction and schedules the next one until nothing is left. Uptime
 * does not need what is deleted here: it is summed up with each transition (`model/uptime`), and keeps itself short.
 */
import { limits } from '../../contract/limits'
import { DAY } from '../../contract/time'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { Tally } from './metricsTally'

/** How long transitions are kept, and chats after the last word in them. */
export const kept = { eventsMs: 90 * DAY, chatsMs: 365 * DAY } as const

/** Looked at in one transaction. A message may be a megabyte, and Convex reads at most sixteen in one. */
const EVENTS = 100
const MESSAGES = 10
const PARTS = 100

/**
 * Deletes transitions from before `before`, the oldest first, from `after` on (ms since 1970). A worker's last one stays: it is
 * the evidence of what its status is.
 */
export async function deleteOldEvents(ctx: MutationCtx, before: number, after = 0): Promise<void> {
  const old = await ctx.db
    .query('workerEvents')
    .withIndex('by_time', (q) => q.gte('at', after).lt('at', before))
    .take(EVENTS)
  let last = after
  for (const event of old) {
    last = event.at
    if (!(await isLast(ctx, event))) await ctx.db.delete('workerEvents', event._id)
  }
  if (old.length < EVENTS) return
  // Of one moment there are not so many that a step of them could all stay: that would be this step again.
  const next = last > after ? last : last + 1
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteOldEvents, { before, after: next })
}

async function isLast(ctx: MutationCtx, { _id, workerId }: Doc<'workerEvents'>): Promise<boolean> {
  const newest = await ctx.db
    .query('workerEvents')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .order('desc')
    .first()
  return newest?._id === _id
}

/** Deletes chats in which nothing was said since `before` (ms since 1970), with all that belongs to them. */
export async function deleteOldChats(ctx: MutationCtx, before: number): Promise<void> {
  const session = await ctx.db
    .query('sessions')
    .withIndex('by_last_message', (q) => q.lt('lastMessageAt', before))
    .first()
  if (session === null) return
  await deleteNextOfChat(ctx, session)
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteOldChats, { before })
}

/** Some messages with their parts; after the last of them, the chat itself. */
async function deleteNextOfChat(ctx: MutationCtx, session: Doc<'sessions'>): Promise<void> {
  const { _id: sessionId, workerId } = session
  const messages = await ctx.db
    .query('messages')
    .withIndex('by_session', (q) => q.eq('sessionId', sessionId))
    .take(MESSAGES)
  for (const message of messages) {
    if (!(await deleteParts(ctx, message._id))) return
    await ctx.db.delete('messages', message._id)
    await new Tally().answer(message, null).write(ctx, message.workerId)
  }
  if (messages.length === MESSAGES) return
  for (const kind of ['open', 'replied', 'settled'] as const) {
    const requests = await ctx.db
      .query('requests')
      .withIndex('by_session', (q) => q.eq('sessionId', sessionId).eq('state.kind', kind))
      .take(limits.pageSize)
    for (const { _id } of requests) await ctx.db.delete('requests', _id)
    if (requests.length === limits.pageSize) return
  }
  await ctx.db.delete('sessions', sessionId)
  await new Tally().session(session, null).write(ctx, workerId)
}

/** Answers whether that was all of them. */
async function deleteParts(ctx: MutationCtx, messageId: Id<'messages'>): Promise<boolean> {
  const parts = await ctx.db
    .query('parts')
    .withIndex('by_message_and_key', (q) => q.eq('messageId', messageId))
    .take(PARTS)
  for (const { _id } of parts) await ctx.db.delete('parts', _id)
  return parts.length < PARTS
}
