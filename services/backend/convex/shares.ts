/** Who besides its owner may use a machine. A share begins by an invitation (`invitations.ts`). */
import { v } from 'convex/values'
import { userMutation, userQuery } from './functions'
import { audit } from './model/audit'
import { refusal } from './model/errors'
import { machineAs, shareOf } from './model/roles'
import { endShare, sharesOf } from './model/shares'
import { sharedRole } from './model/validators'
import { personName } from './model/views'

/** For a machine's owner: who else may use it, the first one first. `since` in ms since 1970. Throws `NOT_FOUND`, `FORBIDDEN`. */
export const list = userQuery({
  args: { machineId: v.id('machines') },
  returns: v.array(
    v.object({ userId: v.id('users'), person: v.string(), role: sharedRole, since: v.number() }),
  ),
  handler: async (ctx, { machineId }) => {
    await machineAs(ctx, ctx.userId, machineId, 'owner')
    const shares = await sharesOf(ctx, machineId)
    return await Promise.all(
      shares.map(async ({ userId, role, _creationTime }) => ({
        ...{ userId, role, since: _creationTime },
        person: personName(await ctx.db.get('users', userId)),
      })),
    )
  },
})

/**
 * Ends a share: for the machine's owner, or for whoever has it (who leaves then). Gone in this transaction; their chats on the
 * machine end in the moments after it. Throws `NOT_FOUND`, `FORBIDDEN`.
 */
export const end = userMutation({
  args: { machineId: v.id('machines'), userId: v.id('users') },
  returns: v.null(),
  handler: async (ctx, { machineId, userId }) => {
    const needed = userId === ctx.userId ? 'viewer' : 'owner'
    const { machine } = await machineAs(ctx, ctx.userId, machineId, needed)
    const share = await shareOf(ctx, machineId, userId)
    if (share === null) throw refusal('NOT_FOUND')
    await endShare(ctx, share)
    const person = personName(await ctx.db.get('users', userId))
    await audit(ctx, machine.ownerId, ctx.userId, { kind: 'shareEnded', machine: machine.name, person })
    return null
  },
})
