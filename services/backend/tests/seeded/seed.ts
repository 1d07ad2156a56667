/** Fleets by the thousand, for tests and measurements. A module of Convex functions, see `seededFunctions.ts`. */
import { v } from 'convex/values'
import { internalMutation } from '../../convex/_generated/server'
import { createMachine } from '../../convex/model/machines'
import { recordOnline } from '../../convex/model/uptime'
import { armSweep } from '../../convex/model/sweepSchedule'
import schema from '../../convex/schema'

/**
 * Adds a machine with so many workers of its owner's that are ready, all with one secret; answers the workers' ids. As
 * registrations would leave them, but written directly: thousands of those take minutes.
 */
export const machine = internalMutation({
  args: { ownerEmail: v.string(), name: v.string(), workers: v.number(), secretHash: v.string() },
  returns: v.array(v.id('workers')),
  handler: async (ctx, { ownerEmail, name, workers, secretHash }) => {
    const owner = await ctx.db
      .query('users')
      .withIndex('email', (q) => q.eq('email', ownerEmail))
      .unique()
    if (owner === null) throw new Error(`nobody is ${ownerEmail}`)
    const now = Date.now()
    const machineId = await createMachine(ctx, owner._id, name)
    await ctx.db.patch('machines', machineId, { status: 'online', statusChangedAt: now })
    const ids = []
    for (let index = 0; index < workers; index += 1) {
      const workerId = await ctx.db.insert('workers', {
        ...{ machineId, name: `worker-${index}`, secretHash, approval: 'approved' },
        ...{ status: 'online', statusChangedAt: now, epoch: 1, phase: 'ready', phaseChangedAt: now },
        runningPrompts: 0,
        incarnation: {
          ...{ hostname: name, pid: 4_000 + index, directory: '/srv/app', key: `${name} ${index}` },
          versions: { worker: '0.1.0', node: '20.19.0', opencode: '1.18.33' },
          registeredAt: now,
        },
      })
      await ctx.db.insert('liveness', {
        ...{ workerId, online: true, lastHeartbeatAt: now, seq: 0, lease: { epoch: 1, secretHash } },
      })
      await recordOnline(ctx, workerId, now)
      ids.push(workerId)
    }
    await armSweep(ctx, {})
    return ids
  },
})

/** Gives a worker a past: days before today, each in place of none. */
export const history = internalMutation({
  args: { workerId: v.id('workers'), days: v.array(schema.tables.uptimeDays.validator.omit('workerId')) },
  returns: v.null(),
  handler: async (ctx, { workerId, days }) => {
    for (const day of days) await ctx.db.insert('uptimeDays', { workerId, ...day })
    return null
  },
})
