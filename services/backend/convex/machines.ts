/** Machines: made and listed by their owners. Must not touch a status: that is `model/presence`. */
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { v } from 'convex/values'
import { userMutation, userQuery } from './functions'
import { createMachine } from './model/machines'
import { machineView, viewMachine } from './model/views'
import { workersOf } from './model/workers'

/** Adds a machine of the caller's. Throws `NAME_INVALID`, `NAME_TAKEN` or `LIMIT_REACHED`. */
export const create = userMutation({
  args: { name: v.string() },
  returns: v.id('machines'),
  handler: (ctx, { name }) => createMachine(ctx, ctx.userId, name),
})

/** The caller's machines by name, each with its workers. Re-run on transitions only: it reads no liveness. */
export const list = userQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(machineView),
  handler: async (ctx, { paginationOpts }) => {
    const machines = await ctx.db
      .query('machines')
      .withIndex('by_owner_and_name', (q) => q.eq('ownerId', ctx.userId))
      .paginate(paginationOpts)
    const page = await Promise.all(
      machines.page.map(async (machine) => viewMachine(machine, await workersOf(ctx, machine._id))),
    )
    return { ...machines, page }
  },
})
