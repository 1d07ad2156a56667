/** How workers have done: uptime and signs of life. What happened, one by one, is `workers.events`. */
import { v, type Infer } from 'convex/values'
import { limits } from '../contract/limits'
import { DAY } from '../contract/time'
import { userQuery } from './functions'
import { livenessOf } from './model/access'
import { whole } from './model/bounds'
import { workerAs } from './model/roles'
import { readTimes } from './model/settings'
import { daysSince } from './model/uptime'
import schema from './schema'

const dayView = schema.tables.uptimeDays.validator.omit('workerId')

function viewDay(kept: Infer<typeof dayView>): Infer<typeof dayView> {
  const { day, spent, until, state, ends, noticed } = kept
  return { day, spent, until, state, ends, noticed }
}

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
