/** Machines: made, listed, set and removed by their owners. Must not touch a status: that is `model/presence`. */
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { v } from 'convex/values'
import { userMutation, userQuery } from './functions'
import { audit } from './model/audit'
import { pageOf } from './model/bounds'
import { createMachine } from './model/machines'
import { setOverrides as setOverridesOf } from './model/overrides'
import { removeRestOfMachine } from './model/revocation'
import { machineAs } from './model/roles'
import { readTimes } from './model/settings'
import { sharedMachines } from './model/shares'
import { machineOverrides, settings } from './model/validators'
import { machineView, viewMachine } from './model/views'

const times = settings.pick('heartbeatIntervalMs', 'staleThresholdMs', 'shutdownTimeoutMs')

/** Adds a machine of the caller's. Throws `NAME_INVALID`, `NAME_TAKEN` or `LIMIT_REACHED`. */
export const create = userMutation({
  args: { name: v.string() },
  returns: v.id('machines'),
  handler: (ctx, { name }) => createMachine(ctx, ctx.userId, name),
})

/**
 * Removes a machine of the caller's with everything on it: gone from every list in this transaction, its workers revoked and
 * their processes told in the moments after it, their chats and events deleted a few minutes later. Throws `NOT_FOUND`, `FORBIDDEN`.
 */
export const remove = userMutation({
  args: { machineId: v.id('machines') },
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    const { machine } = await machineAs(ctx, ctx.userId, machineId, 'owner')
    await ctx.db.delete('machines', machineId)
    await removeRestOfMachine(ctx, machineId, false)
    await audit(ctx, ctx.userId, ctx.userId, { kind: 'machineRemoved', machine: machine.name })
    return null
  },
})

/** The caller's machines by name; their workers are in `workers.list`, so that one's change re-reads only its own machine. */
export const list = userQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(machineView),
  handler: async (ctx, { paginationOpts }) => {
    const machines = await ctx.db
      .query('machines')
      .withIndex('by_owner_and_name', (q) => q.eq('ownerId', ctx.userId))
      .paginate(pageOf(paginationOpts))
    return { ...machines, page: machines.page.map((machine) => viewMachine(machine, 'owner')) }
  },
})

/** Machines of others that the caller may use, each with its owner's name. */
export const shared = userQuery({
  args: {},
  returns: v.array(machineView),
  handler: (ctx) => sharedMachines(ctx, ctx.userId),
})

/**
 * What the workers of a machine of the caller's keep to in place of the deployment's settings, and what those are. Times in
 * milliseconds. Throws `NOT_FOUND`, `FORBIDDEN`.
 */
export const overrides = userQuery({
  args: { machineId: v.id('machines') },
  returns: v.object({ overrides: machineOverrides, deployment: times }),
  handler: async (ctx, { machineId }) => {
    const { machine } = await machineAs(ctx, ctx.userId, machineId, 'owner')
    return { overrides: machine.overrides ?? {}, deployment: await readTimes(ctx) }
  },
})

/**
 * Sets `overrides` in place of whatever was set before: what is not in it is the deployment's again. Its running workers follow by
 * `workers.self`. Throws `NOT_FOUND`, `FORBIDDEN`, `SETTINGS_INVALID`.
 */
export const setOverrides = userMutation({
  args: { machineId: v.id('machines'), overrides: machineOverrides },
  returns: v.null(),
  handler: async (ctx, { machineId, overrides }) => {
    const { machine } = await machineAs(ctx, ctx.userId, machineId, 'owner')
    await setOverridesOf(ctx, machine, overrides)
    return null
  },
})
