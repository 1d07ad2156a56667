/** Stops and restarts from afar. The running worker follows `workers.self`; the rules are in `model/commands`. */
import { v } from 'convex/values'
import { userMutation } from './functions'
import { audit } from './model/audit'
import { orderWorker, withdrawOrder } from './model/commands'
import { machineAs, workerAs } from './model/roles'
import { beginRollout, endRollout, leaveRollout, orderAll } from './model/rollouts'
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
    const { worker, machine } = await workerAs(ctx, ctx.userId, workerId, 'owner')
    await withdrawOrder(ctx, worker)
    await leaveRollout(ctx, machine, workerId)
    return null
  },
})

/**
 * Tells every online worker of a machine, all at once or one after another: the next one when the one before has come back (or
 * is gone, when it was to stop). In place of what was going on. Throws `NOT_FOUND`, `FORBIDDEN`, `WORKER_OFFLINE`.
 */
export const orderMachine = userMutation({
  args: { machineId: v.id('machines'), command, oneByOne: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { machineId, command, oneByOne }) => {
    const { machine } = await machineAs(ctx, ctx.userId, machineId, 'owner')
    const by = personName(await ctx.db.get('users', ctx.userId))
    await (oneByOne ? beginRollout : orderAll)(ctx, machineId, command, by)
    const what = { kind: 'allCommanded' as const, command, machine: machine.name, oneByOne }
    await audit(ctx, ctx.userId, ctx.userId, what)
    return null
  },
})

/** Tells no further worker of a machine; the one that was told last keeps its command. Safe to repeat. Throws `NOT_FOUND`, `FORBIDDEN`. */
export const endMachineOrder = userMutation({
  args: { machineId: v.id('machines') },
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    await machineAs(ctx, ctx.userId, machineId, 'owner')
    await endRollout(ctx, machineId)
    return null
  },
})
