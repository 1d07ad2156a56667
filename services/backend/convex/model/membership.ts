/** Who may have an account on this deployment. Owns: `users` when one is made, and `invitations` when one is spent. */
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import { readSettings } from './settings'
import { sha256 } from './tokens'

/**
 * Makes an account: the first one of a deployment administers it; after that it takes an invitation, which is spent, or a
 * deployment whose sign-up was opened. Throws `INVITATION_INVALID` or `SIGN_UP_CLOSED`.
 */
export async function admit(
  ctx: MutationCtx,
  { email, name, invitation }: { email?: string; name?: string; invitation?: string },
): Promise<Id<'users'>> {
  const isFirst = (await ctx.db.query('users').first()) === null
  if (invitation !== undefined) await spendInvitation(ctx, invitation)
  else if (!isFirst && !(await readSettings(ctx)).isSignUpOpen) throw refusal('SIGN_UP_CLOSED')
  return await ctx.db.insert('users', {
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    ...(isFirst && { isAdmin: true }),
  })
}

async function spendInvitation(ctx: MutationCtx, token: string): Promise<void> {
  const tokenHash = await sha256(token)
  const invitation = await ctx.db
    .query('invitations')
    .withIndex('by_token_hash', (q) => q.eq('tokenHash', tokenHash))
    .unique()
  if (invitation === null || invitation.expiresAt <= Date.now()) throw refusal('INVITATION_INVALID')
  await ctx.db.delete('invitations', invitation._id)
}

/** Throws `FORBIDDEN` unless the caller administers the deployment. */
export async function requireAdmin(ctx: QueryCtx, userId: Id<'users'>): Promise<void> {
  const user = await ctx.db.get('users', userId)
  if (user?.isAdmin !== true)
    throw refusal('FORBIDDEN', 'Only an administrator of this deployment may do that.')
}

/** Those that can still be used, newest first. */
export async function openInvitations(ctx: QueryCtx): Promise<Doc<'invitations'>[]> {
  return await ctx.db
    .query('invitations')
    .withIndex('by_expiry', (q) => q.gt('expiresAt', Date.now()))
    .order('desc')
    .take(limits.invitations)
}

/** The email as it is kept and compared. Throws `ARGUMENT_INVALID` for what is none, the local owner's among them. */
export function cleanEmail(text: unknown): string {
  const email = typeof text === 'string' ? text.trim().toLowerCase() : ''
  if (email.length > limits.identifierLength || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw refusal('ARGUMENT_INVALID', 'This is not an email address.')
  }
  return email
}
