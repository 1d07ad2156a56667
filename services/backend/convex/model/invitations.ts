/** Links for one person each. Owns: `invitations`. */
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import { sha256 } from './tokens'

/** An invitation to a role on a machine. */
export type ShareInvitation = Doc<'invitations'> & { share: NonNullable<Doc<'invitations'>['share']> }

/** The invitation of this token, if it is one to an account. Throws `INVITATION_INVALID`. */
export async function accountInvitation(ctx: QueryCtx, token: string): Promise<Doc<'invitations'>> {
  const invitation = await usable(ctx, token)
  if (invitation.share) throw refusal('INVITATION_INVALID')
  return invitation
}

/** The invitation of this token, if it is one to a machine. Throws `INVITATION_INVALID`. */
export async function shareInvitation(ctx: QueryCtx, token: string): Promise<ShareInvitation> {
  const { share, ...invitation } = await usable(ctx, token)
  if (!share) throw refusal('INVITATION_INVALID')
  return { ...invitation, share }
}

async function usable(ctx: QueryCtx, token: string): Promise<Doc<'invitations'>> {
  const tokenHash = await sha256(token)
  const invitation = await ctx.db
    .query('invitations')
    .withIndex('by_token_hash', (q) => q.eq('tokenHash', tokenHash))
    .unique()
  if (invitation === null || invitation.expiresAt <= Date.now()) throw refusal('INVITATION_INVALID')
  return invitation
}

/** It is worth nothing from then on. */
export async function spend(ctx: MutationCtx, { _id }: Doc<'invitations'>): Promise<void> {
  await ctx.db.delete('invitations', _id)
}

/** Those to an account, or to a machine, that can still be used: the one that lasts longest first. */
export async function openInvitations(
  ctx: QueryCtx,
  machineId: Id<'machines'> | undefined,
): Promise<Doc<'invitations'>[]> {
  return await ctx.db
    .query('invitations')
    .withIndex('by_machine_and_expiry', (q) => q.eq('share.machineId', machineId).gt('expiresAt', Date.now()))
    .order('desc')
    .take(limits.invitations)
}
