/**
 * What is too much of a worker to be kept, whatever its age: transitions of more than `limits.incarnationsPerWorker`, and chats
 * beyond `limits.chatsPerWorker`. Workers are looked at a few at a time, and what is found is deleted in steps of its own.
 */
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'

/** Looked at in one transaction, each with up to `limits.chatsPerWorker` chats of a few hundred bytes. */
const WORKERS = 10
const EVENTS = 100

/** Looks at the workers from `cursor` on (null: the first one) and schedules the look at the ones after them. */
export async function deleteExcess(ctx: MutationCtx, cursor: string | null): Promise<void> {
  const { page, isDone, continueCursor } = await ctx.db
    .query('workers')
    .paginate({ cursor, numItems: WORKERS })
  for (const worker of page) {
    await startOnEvents(ctx, worker)
    await startOnChats(ctx, worker._id)
  }
  if (!isDone) await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteExcess, { cursor: continueCursor })
}

/** Reads a transition, if the worker has had enough incarnations at all. */
async function startOnEvents(ctx: MutationCtx, { _id: workerId, epoch }: Doc<'workers'>): Promise<void> {
  const least = epoch - limits.incarnationsPerWorker
  if (least <= 0) return
  const [oldest] = await eventsOf(ctx, workerId, 1)
  if (oldest === undefined || oldest.epoch > least) return
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteExcessEvents, { workerId, upTo: least })
}

/**
 * Deletes a worker's transitions up to those of the incarnation `upTo`, the oldest first. Its last one stays: it is the evidence of
 * what its status is.
 */
export async function deleteExcessEvents(
  ctx: MutationCtx,
  workerId: Id<'workers'>,
  upTo: number,
): Promise<void> {
  // The one after those that are deleted is never the last.
  const oldest = await eventsOf(ctx, workerId, EVENTS + 1)
  const excessive = oldest.slice(0, -1).filter(({ epoch }) => epoch <= upTo)
  for (const { _id } of excessive) await ctx.db.delete('workerEvents', _id)
  if (excessive.length < EVENTS) return
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteExcessEvents, { workerId, upTo })
}

/** Oldest first. */
async function eventsOf(
  ctx: QueryCtx,
  workerId: Id<'workers'>,
  most: number,
): Promise<Doc<'workerEvents'>[]> {
  return await ctx.db
    .query('workerEvents')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .take(most)
}

/** All but the chats that had the latest words in them. */
async function startOnChats(ctx: MutationCtx, workerId: Id<'workers'>): Promise<void> {
  const kept = await ctx.db
    .query('sessions')
    .withIndex('by_worker_and_last_message', (q) => q.eq('workerId', workerId))
    .order('desc')
    .take(limits.chatsPerWorker + 1)
  const oldest = kept[limits.chatsPerWorker - 1]
  if (oldest === undefined || kept.length <= limits.chatsPerWorker) return
  const which = { before: oldest.lastMessageAt, workerId }
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteOldChats, which)
}
