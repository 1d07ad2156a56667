/**
 * The end of what is too old to be of use. How old that is, is a setting; how much is kept whatever its age, is in
 * `retentionByCount` and `chatLength`. Each step fits a transaction and schedules the next one until nothing is left. Uptime does not
 * need what is deleted here: it is summed up with each transition (`model/uptime`), and keeps itself short.
 */
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { deleteOldAlerts } from './alertRetention'
import { deleteMessages, MESSAGES } from './deleteMessages'
import { Tally } from './metricsTally'
import { readSettings } from './settings'

/** Looked at in one transaction. */
const EVENTS = 100
const CHATS = 20

/** Begins to delete what is older than the settings say, and then what is too much. */
export async function applyRetention(ctx: MutationCtx): Promise<void> {
  const { eventRetentionMs, chatRetentionMs, alertRetentionMs } = await readSettings(ctx)
  const now = Date.now()
  await deleteOldEvents(ctx, now - eventRetentionMs)
  await deleteOldChats(ctx, { before: now - chatRetentionMs })
  await deleteOldAlerts(ctx, now - alertRetentionMs)
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteExcess, { cursor: null })
}

/**
 * Deletes transitions from before `before`, the oldest first, from `after` on (ms since 1970). A worker's last one stays: it is
 * the evidence of what its status is.
 */
export async function deleteOldEvents(ctx: MutationCtx, before: number, after = 0): Promise<void> {
  const old = await ctx.db
    .query('workerEvents')
    .withIndex('by_time', (q) => q.gte('at', after).lt('at', before))
    .take(EVENTS)
  for (const event of old) {
    if (!(await isLast(ctx, event))) await ctx.db.delete('workerEvents', event._id)
  }
  const last = old.at(-1)
  if (last === undefined || old.length < EVENTS) return
  const next = { before, after: beyond(last.at, after) }
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteOldEvents, next)
}

async function isLast(ctx: MutationCtx, { _id, workerId }: Doc<'workerEvents'>): Promise<boolean> {
  const newest = await ctx.db
    .query('workerEvents')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .order('desc')
    .first()
  return newest?._id === _id
}

/** Where the next step begins. Of one moment there are not so many that a step of them could all stay: that would be this step again. */
function beyond(last: number, after: number): number {
  return last > after ? last : last + 1
}

export interface OldChats {
  /** Nothing was said in them since then. In ms since 1970, as `after`. */
  before: number
  /** The last word in those that were looked at already, and stay. */
  after?: number
  /** Of this worker only. */
  workerId?: Id<'workers'>
}

/** Deletes chats with all that belongs to them, the one that was left alone for longest first. One that is being answered stays. */
export async function deleteOldChats(ctx: MutationCtx, which: OldChats): Promise<void> {
  const sessions = await oldChats(ctx, which)
  const next = sessions.find(({ progress }) => progress !== 'running' && progress !== 'asking')
  const last = sessions.at(-1)
  if (next) {
    await deleteNextOfChat(ctx, next)
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteOldChats, which)
  } else if (last && sessions.length === CHATS) {
    const after = beyond(last.lastMessageAt, which.after ?? 0)
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteOldChats, { ...which, after })
  }
}

async function oldChats(
  ctx: MutationCtx,
  { before, after = 0, workerId }: OldChats,
): Promise<Doc<'sessions'>[]> {
  const sessions = ctx.db.query('sessions')
  const old =
    workerId === undefined
      ? sessions.withIndex('by_last_message', (q) =>
          q.gte('lastMessageAt', after).lt('lastMessageAt', before),
        )
      : sessions.withIndex('by_worker_and_last_message', (q) =>
          q.eq('workerId', workerId).gte('lastMessageAt', after).lt('lastMessageAt', before),
        )
  return await old.take(CHATS)
}

/** Some messages; after the last of them, the chat itself. */
async function deleteNextOfChat(ctx: MutationCtx, session: Doc<'sessions'>): Promise<void> {
  const { _id: sessionId, workerId } = session
  const messages = await ctx.db
    .query('messages')
    .withIndex('by_session', (q) => q.eq('sessionId', sessionId))
    .take(MESSAGES)
  const isDone = await deleteMessages(ctx, workerId, messages)
  if (!isDone || messages.length === MESSAGES) return
  await ctx.db.delete('sessions', sessionId)
  await new Tally().session(session, null).write(ctx, workerId)
}
