/** Links by which a person may make an account. Made, listed and withdrawn by administrators; spent in `model/membership`. */
import { v } from 'convex/values'
import { limits } from '../contract/limits'
import { internal } from './_generated/api'
import { internalMutation } from './_generated/server'
import { userAction, userMutation, userQuery } from './functions'
import { refusal } from './model/errors'
import { openInvitations, requireAdmin } from './model/membership'
import { makeSecret, sha256 } from './model/tokens'

/**
 * Makes an invitation for one account, valid for `limits.invitationMs`; its token is told this once. Throws `FORBIDDEN`,
 * `LIMIT_REACHED`.
 */
export const create = userAction({
  args: {},
  returns: v.object({ token: v.string() }),
  handler: async (ctx): Promise<{ token: string }> => {
    const token = makeSecret()
    await ctx.runMutation(internal.invitations.insert, { userId: ctx.userId, tokenHash: await sha256(token) })
    return { token }
  },
})

/** The database half of `create`. */
export const insert = internalMutation({
  args: { userId: v.id('users'), tokenHash: v.string() },
  returns: v.null(),
  handler: async (ctx, { userId, tokenHash }) => {
    await requireAdmin(ctx, userId)
    if ((await openInvitations(ctx)).length === limits.invitations) throw refusal('LIMIT_REACHED')
    const expiresAt = Date.now() + limits.invitationMs
    await ctx.db.insert('invitations', { tokenHash, expiresAt })
    return null
  },
})

/** Invitations that nobody has used yet, the one that lasts longest first. Times in ms since 1970. Throws `FORBIDDEN`. */
export const list = userQuery({
  args: {},
  returns: v.array(v.object({ id: v.id('invitations'), createdAt: v.number(), expiresAt: v.number() })),
  handler: async (ctx) => {
    await requireAdmin(ctx, ctx.userId)
    return (await openInvitations(ctx)).map(({ _id, _creationTime, expiresAt }) => ({
      id: _id,
      createdAt: _creationTime,
      expiresAt,
    }))
  },
})

/** Makes an invitation worthless. Throws `FORBIDDEN`, `NOT_FOUND` if it was used or withdrawn. */
export const withdraw = userMutation({
  args: { invitationId: v.id('invitations') },
  returns: v.null(),
  handler: async (ctx, { invitationId }) => {
    await requireAdmin(ctx, ctx.userId)
    if ((await ctx.db.get('invitations', invitationId)) === null) throw refusal('NOT_FOUND')
    await ctx.db.delete('invitations', invitationId)
    return null
  },
})
