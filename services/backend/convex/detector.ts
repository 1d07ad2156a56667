/** The watch over the sweep itself: what the page needs to know whether statuses are confirmed. Owns nothing. */
import { v } from 'convex/values'
import { userQuery } from './functions'
import { readSweepState } from './model/sweepSchedule'
import { grace } from './model/validators'

/**
 * When the sweep last ran, when the next is due (null while nobody is online), until when and why it judges nobody, and the server's
 * time of this answer. Re-run by each sweep, so a page compares `nextRunAt` with server time, never with its own clock.
 */
export const state = userQuery({
  args: {},
  returns: v.object({
    lastRunAt: v.union(v.number(), v.null()),
    nextRunAt: v.union(v.number(), v.null()),
    grace: v.union(grace, v.null()),
    serverNow: v.number(),
  }),
  handler: async (ctx) => {
    const state = await readSweepState(ctx)
    return {
      lastRunAt: state?.lastRunAt ?? null,
      nextRunAt: state?.nextRunAt ?? null,
      grace: state?.grace ?? null,
      serverNow: Date.now(),
    }
  },
})
