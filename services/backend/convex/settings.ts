/** The deployment's settings. Changed by whoever holds the admin key; followed by running workers through `workers.self`. */
import { v } from 'convex/values'
import { internalMutation, internalQuery } from './_generated/server'
import { assertSettings, readSettings } from './model/settings'
import { readSweepState, scheduleNextSweep } from './model/sweepSchedule'

const settings = v.object({
  heartbeatIntervalMs: v.number(),
  staleThresholdMs: v.number(),
  shutdownTimeoutMs: v.number(),
  isSignUpOpen: v.boolean(),
  requestTimeoutMs: v.number(),
})

export const get = internalQuery({ args: {}, returns: settings, handler: readSettings })

/** Changes what is given, keeps the rest; validated together. Times in milliseconds. Throws `SETTINGS_INVALID`. */
export const update = internalMutation({
  args: settings.partial(),
  returns: settings,
  handler: async (ctx, changes) => {
    const next = { ...(await readSettings(ctx)), ...changes }
    assertSettings(next)
    const stored = await ctx.db.query('settings').first()
    if (stored) await ctx.db.replace('settings', stored._id, next)
    else await ctx.db.insert('settings', next)
    const state = await readSweepState(ctx)
    await scheduleNextSweep(ctx, state, {
      lastRunAt: state?.lastRunAt ?? Date.now(),
      grace: state?.grace,
    })
    return next
  },
})
