/** What became of workers: their transitions one by one, their uptime, their signs of life. For people. */
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { v, type Infer } from 'convex/values'
import { limits } from '../contract/limits'
import { DAY } from '../contract/time'
import { userQuery } from './functions'
import { livenessOf } from './model/access'
import { pageOf, whole } from './model/bounds'
import { workerAs } from './model/roles'
import { readTimes } from './model/settings'
import { daysSince } from './model/uptime'
import { noticedBy, offlineReason, transition } from './model/validators'
import schema from './schema'

const dayView = schema.tables.uptimeDays.validator.omit('workerId')

function viewDay(kept: Infer<typeof dayView>): Infer<typeof dayView> {
  const { day, spent, until, state, ends, noticed } = kept
  return { day, spent, until, state, ends, noticed }
}

/** A worker's transitions, newest first, with their evidence; with `reason` only those offline for it. Throws `NOT_FOUND`. */
export const events = userQuery({
  args: {
    workerId: v.id('workers'),
    reason: v.optional(offlineReason),
    paginationOpts: paginationOptsValidator,
  },
  returns: paginationResultValidator(
    v.object({ id: v.id('workerEvents'), epoch: v.number(), at: v.number(), noticedBy, what: transition }),
  ),
  handler: async (ctx, { workerId, reason, paginationOpts }) => {
    await workerAs(ctx, ctx.userId, workerId, 'viewer')
    const all = ctx.db.query('workerEvents')
    const ofWorker =
      reason === undefined
        ? all.withIndex('by_worker', (q) => q.eq('workerId', workerId))
        : all.withIndex('by_worker_and_reason', (q) => q.eq('workerId', workerId).eq('what.reason', reason))
    const events = await ofWorker.order('desc').paginate(pageOf(paginationOpts))
    return {
      ...events,
      page: events.page.map(({ _id, epoch, at, noticedBy, what }) => ({
        id: _id,
        epoch,
        at,
        noticedBy,
        what,
      })),
    }
  },
})

/**
 * The days of a worker that had a transition, from `fromDay` (days since 1970, UTC) on, and the last one before, newest first:
 * what is between them was as the older one ended. Re-run by transitions only. Throws `NOT_FOUND`, `ARGUMENT_INVALID`.
 */
export const uptime = userQuery({
  args: { workerId: v.id('workers'), fromDay: v.number() },
  returns: v.array(dayView),
  handler: async (ctx, { workerId, fromDay }) => {
    await workerAs(ctx, ctx.userId, workerId, 'viewer')
    const most = Math.floor(Date.now() / DAY) + 1
    whole('fromDay', fromDay, { least: most - 1 - limits.uptimeDays, most })
    return (await daysSince(ctx, workerId, fromDay)).map(viewDay)
  },
})

/** The worker's last sign of life, ms since 1970 server time; null before the first. Re-run by every heartbeat: for one worker's page. */
export const heartbeat = userQuery({
  args: { workerId: v.id('workers') },
  returns: v.object({ at: v.union(v.number(), v.null()), intervalMs: v.number() }),
  handler: async (ctx, { workerId }) => {
    await workerAs(ctx, ctx.userId, workerId, 'viewer')
    const { lastHeartbeatAt } = await livenessOf(ctx, workerId)
    const { heartbeatIntervalMs: intervalMs } = await readTimes(ctx)
    return { at: lastHeartbeatAt === 0 ? null : lastHeartbeatAt, intervalMs }
  },
})
