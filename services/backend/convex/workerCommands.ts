/** Stops and restarts from afar. The running worker follows `workers.self`; the rules are in `model/commands`. */
import { v } from 'convex/values'
import { userMutation } from './functions'
import { audit } from './model/audit'
import { orderWorker, withdrawOrder } from './model/commands'
import { workerAs } from './model/roles'
import { command } from './model/validators'
import { personName } from './model/views'

/**
 * Tells an online worker to drain: `stop` ends it until somebody starts it on its machine, `restart` starts it anew; `idle`
 * waits for the answers that it gives now. Throws `NOT_FOUND`, `FORBIDDEN`, `WORKER_OFFLINE`, `WORKER_DRAINING`.
 */
export const order = userMutation({
  args: { workerId: v.id('workers'), command },
  returns: v.null(),
  handler: async (ctx, { workerId, command }) => {
    const { worker, machine } = await workerAs(ctx, ctx.userId, workerId, 'owner')
    await orderWorker(ctx, worker, command, personName(await ctx.db.get('users', ctx.userId)))
    await audit(ctx, ctx.userId, ctx.userId, {
      ...{ kind: 'commanded', command, machine: machine.name, worker: worker.name },
    })
    return null
  },
})

/** Takes a command back that waits. Safe to repeat. Throws `NOT_FOUND`, `FORBIDDEN`, `WORKER_DRAINING`. */
export const withdraw = userMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    const { worker } = await workerAs(ctx, ctx.userId, workerId, 'owner')
    await withdrawOrder(ctx, worker)
    return null
  },
})
