/** Machines that are used by others than their owners. Owns: `shares`. */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import { shareOf, sharesWith } from './roles'
import { closeSession } from './sessions'
import { personName, viewMachine, type machineView } from './views'
import { workersOf } from './workers'

/** Chats ended in one transaction, each with up to `limits.queuedPerSession` answers that wait. */
const CHATS = 20

/** The first one first. */
export async function sharesOf(ctx: QueryCtx, machineId: Id<'machines'>): Promise<Doc<'shares'>[]> {
  const shares = await ctx.db
    .query('shares')
    .withIndex('by_machine_and_user', (q) => q.eq('machineId', machineId))
    .take(limits.sharesPerMachine)
  return shares.sort((a, b) => a._creationTime - b._creationTime)
}

export async function sharedMachines(
  ctx: QueryCtx,
  userId: Id<'users'>,
): Promise<Infer<typeof machineView>[]> {
  const shares = await sharesWith(ctx, userId)
  const views = await Promise.all(
    shares.map(async ({ machineId, role }) => {
      const machine = await ctx.db.get('machines', machineId)
      if (machine === null) return []
      const owner = personName(await ctx.db.get('users', machine.ownerId))
      return [viewMachine(machine, role, owner)]
    }),
  )
  return views.flat()
}

/** Gives somebody a role, in place of one that they have; answers the machine. Throws `INVITATION_INVALID`, `FORBIDDEN`, `LIMIT_REACHED`. */
export async function giveShare(
  ctx: MutationCtx,
  userId: Id<'users'>,
  { machineId, role }: Pick<Doc<'shares'>, 'machineId' | 'role'>,
): Promise<Doc<'machines'>> {
  const machine = await ctx.db.get('machines', machineId)
  if (machine === null) throw refusal('INVITATION_INVALID')
  if (machine.ownerId === userId) {
    throw refusal('FORBIDDEN', 'This machine is yours: send the link to whom you want to share it with.')
  }
  const known = await shareOf(ctx, machineId, userId)
  if (known) {
    await ctx.db.patch('shares', known._id, { role })
    return machine
  }
  const ofUser = await sharesWith(ctx, userId)
  const isFull =
    ofUser.length === limits.sharesPerUser ||
    (await sharesOf(ctx, machineId)).length === limits.sharesPerMachine
  if (isFull) throw refusal('LIMIT_REACHED')
  await ctx.db.insert('shares', { machineId, userId, role })
  return machine
}

/** Takes somebody's role; their chats with the machine's workers end in transactions of their own. */
export async function endShare(ctx: MutationCtx, { _id, machineId, userId }: Doc<'shares'>): Promise<void> {
  await ctx.db.delete('shares', _id)
  for (const worker of await workersOf(ctx, machineId)) {
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.endChatsOf, { userId, workerId: worker._id })
  }
}

/** Ends somebody's open chats with a worker, the next ones in a scheduled continuation. */
export async function endChats(
  ctx: MutationCtx,
  userId: Id<'users'>,
  workerId: Id<'workers'>,
): Promise<void> {
  for (const status of ['active', 'suspended'] as const) {
    const open = await ctx.db
      .query('sessions')
      .withIndex('by_user_and_status', (q) =>
        q.eq('userId', userId).eq('status', status).eq('workerId', workerId),
      )
      .take(CHATS)
    for (const session of open) await closeSession(ctx, session)
    if (open.length === CHATS) {
      await ctx.scheduler.runAfter(0, internal.cleanupTasks.endChatsOf, { userId, workerId })
      return
    }
  }
}
