/** Fleets by the thousand, for tests and measurements. A module of Convex functions, see `seededFunctions.ts`. */
import { v } from 'convex/values'
import { internalMutation } from '../../convex/_generated/server'
import { createMachine } from '../../convex/model/machines'
import { openIncarnation } from '../../convex/model/presence'
import { createWorker } from '../../convex/model/workers'

/** Adds a machine with so many workers of its owner's that are ready, all with one secret; answers the workers' ids. */
export const machine = internalMutation({
  args: { ownerEmail: v.string(), name: v.string(), workers: v.number(), secretHash: v.string() },
  returns: v.array(v.id('workers')),
  handler: async (ctx, { ownerEmail, name, workers, secretHash }) => {
    const owner = await ctx.db
      .query('users')
      .withIndex('email', (q) => q.eq('email', ownerEmail))
      .unique()
    if (owner === null) throw new Error(`nobody is ${ownerEmail}`)
    const machineId = await createMachine(ctx, owner._id, name)
    const ids = []
    for (let index = 0; index < workers; index += 1) {
      const wanted = { machineId, name: `worker-${index}`, secretHash, approval: 'approved' as const }
      const workerId = await createWorker(ctx, wanted)
      const worker = await ctx.db.get('workers', workerId)
      if (worker === null) throw new Error('it was made just now')
      await openIncarnation(ctx, worker, secretHash, {
        ...{ hostname: name, pid: 4_000 + index, directory: '/srv/app', key: workerId },
        versions: { worker: '0.1.0', node: '20.19.0', opencode: '1.18.33' },
      })
      await ctx.db.patch('workers', workerId, { phase: 'ready', phaseChangedAt: Date.now() })
      ids.push(workerId)
    }
    return ids
  },
})
