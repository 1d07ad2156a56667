/**
 * Links for one person each, to an account on this deployment or to a role on a machine. Made, listed and withdrawn by who
 * may give what they lead to: administrators and owners. One to an account is spent by its sign-up (`model/membership`).
 */
import { v } from 'convex/values'
import { limits } from '../contract/limits'
import { internal } from './_generated/api'
import type { Id } from './_generated/dataModel'
import { internalMutation, type QueryCtx } from './_generated/server'
import { userAction, userMutation, userQuery } from './functions'
import { audit } from './model/audit'
import { refusal } from './model/errors'
import { openInvitations, shareInvitation, spend } from './model/invitations'
import { requireAdmin } from './model/membership'
import { machineAs, roleOn } from './model/roles'
import { giveShare } from './model/shares'
import { makeSecret, sha256 } from './model/tokens'
import { role, sharedRole } from './model/validators'
import { personName } from './model/views'

const share = v.optional(v.object({ machineId: v.id('machines'), role: sharedRole }))

/** Throws `FORBIDDEN`, and `NOT_FOUND` for a machine that the caller has nothing to do with. */
async function requireHost(
  ctx: QueryCtx,
  userId: Id<'users'>,
  machineId: Id<'machines'> | undefined,
): Promise<void> {
  if (machineId === undefined) await requireAdmin(ctx, userId)
  else await machineAs(ctx, userId, machineId, 'owner')
}

/**
 * Makes an invitation for one person, valid for `limits.invitationMs`: to an account, or with `share` to a role on a machine.
 * Its token is told this once. Throws `FORBIDDEN`, `NOT_FOUND`, `LIMIT_REACHED`.
 */
export const create = userAction({
  args: { share },
  returns: v.object({ token: v.string() }),
  handler: async (ctx, { share }): Promise<{ token: string }> => {
    const token = makeSecret()
    await ctx.runMutation(internal.invitations.insert, {
      userId: ctx.userId,
      tokenHash: await sha256(token),
      ...(share && { share }),
    })
    return { token }
  },
})

/** The database half of `create`. */
export const insert = internalMutation({
  args: { userId: v.id('users'), tokenHash: v.string(), share },
  returns: v.null(),
  handler: async (ctx, { userId, tokenHash, share }) => {
    await requireHost(ctx, userId, share?.machineId)
    if ((await openInvitations(ctx, share?.machineId)).length === limits.invitations) {
      throw refusal('LIMIT_REACHED')
    }
    const expiresAt = Date.now() + limits.invitationMs
    await ctx.db.insert('invitations', { tokenHash, expiresAt, ...(share && { share }) })
    return null
  },
})

/**
 * Invitations to accounts, or to a machine, that nobody has used yet, the one that lasts longest first. Times in ms since 1970.
 * Throws `FORBIDDEN`, `NOT_FOUND`.
 */
export const list = userQuery({
  args: { machineId: v.optional(v.id('machines')) },
  returns: v.array(
    v.object({
      id: v.id('invitations'),
      createdAt: v.number(),
      expiresAt: v.number(),
      role: v.optional(sharedRole),
    }),
  ),
  handler: async (ctx, { machineId }) => {
    await requireHost(ctx, ctx.userId, machineId)
    const open = await openInvitations(ctx, machineId)
    return open.map(({ _id, _creationTime, expiresAt, share }) => ({
      ...{ id: _id, createdAt: _creationTime, expiresAt },
      ...(share && { role: share.role }),
    }))
  },
})

/** Makes an invitation worthless. Throws `FORBIDDEN`, `NOT_FOUND` if it was used or withdrawn, or is not the caller's to give. */
export const withdraw = userMutation({
  args: { invitationId: v.id('invitations') },
  returns: v.null(),
  handler: async (ctx, { invitationId }) => {
    const invitation = await ctx.db.get('invitations', invitationId)
    await requireHost(ctx, ctx.userId, invitation?.share?.machineId)
    if (invitation === null) throw refusal('NOT_FOUND')
    await spend(ctx, invitation)
    return null
  },
})

/** What an invitation to a machine offers, for whoever has its token. Throws `INVITATION_INVALID`. */
export const look = userQuery({
  args: { token: v.string() },
  returns: v.object({
    machine: v.string(),
    owner: v.string(),
    role: sharedRole,
    /** What the caller has on it already. */
    present: v.optional(role),
  }),
  handler: async (ctx, { token }) => {
    const { share } = await shareInvitation(ctx, token)
    const machine = await ctx.db.get('machines', share.machineId)
    if (machine === null) throw refusal('INVITATION_INVALID')
    const present = await roleOn(ctx, ctx.userId, machine)
    return {
      machine: machine.name,
      owner: personName(await ctx.db.get('users', machine.ownerId)),
      role: share.role,
      ...(present && { present }),
    }
  },
})

/**
 * Takes what an invitation to a machine offers; of two people who come at once, one gets it. A role that the caller has is
 * replaced. Throws `INVITATION_INVALID`, `LIMIT_REACHED`, `FORBIDDEN` for the machine's owner, who needs none.
 */
export const accept = userMutation({
  args: { token: v.string() },
  returns: v.object({ machineId: v.id('machines') }),
  handler: async (ctx, { token }) => {
    const invitation = await shareInvitation(ctx, token)
    const machine = await giveShare(ctx, ctx.userId, invitation.share)
    await spend(ctx, invitation)
    const person = personName(await ctx.db.get('users', ctx.userId))
    await audit(ctx, machine.ownerId, ctx.userId, {
      ...{ kind: 'shared' as const, machine: machine.name, person, role: invitation.share.role },
    })
    return { machineId: invitation.share.machineId }
  },
})
