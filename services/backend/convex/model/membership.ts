/** Who may have an account on this deployment. Owns: `users` when one is made. */
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import { accountInvitation, spend } from './invitations'
import { callerAddress, requireRoom } from './rateLimits'
import { readSettings } from './settings'
import { hasPasswordAccount } from './signIns'

interface Applicant {
  email?: string | undefined
  name?: string | undefined
  /** The token of an invitation to an account. */
  invitation?: string | undefined
}

/**
 * Makes an account: the first one of a deployment administers it; after that it takes an invitation, which is spent, or a
 * deployment whose sign-up was opened. Throws `INVITATION_INVALID`, `SIGN_UP_CLOSED`, `ACCOUNT_EXISTS`, `RATE_LIMITED`.
 */
export async function admit(ctx: MutationCtx, applicant: Applicant): Promise<Id<'users'>> {
  const { name, invitation } = applicant
  const email = applicant.email?.toLowerCase()
  const admission = await requireAdmission(ctx, { email, invitation })
  if (admission.kind === 'invited') await spend(ctx, admission.invitation)
  if (admission.kind === 'open') await requireRoom(ctx, 'signUps', (await callerAddress(ctx)) ?? 'unknown')
  return await ctx.db.insert('users', {
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    ...(admission.kind === 'first' && { isAdmin: true }),
  })
}

type Admission = { kind: 'first' } | { kind: 'invited'; invitation: Doc<'invitations'> } | { kind: 'open' }

/** By what right somebody may have an account. Only then is it told whether there is one with this email. */
export async function requireAdmission(ctx: QueryCtx, { email, invitation }: Applicant): Promise<Admission> {
  const admission = await admissionOf(ctx, invitation)
  if (email !== undefined && (await isTaken(ctx, email))) throw refusal('ACCOUNT_EXISTS')
  return admission
}

async function admissionOf(ctx: QueryCtx, invitation: string | undefined): Promise<Admission> {
  if ((await ctx.db.query('users').first()) === null) return { kind: 'first' }
  if (invitation !== undefined) {
    return { kind: 'invited', invitation: await accountInvitation(ctx, invitation) }
  }
  if (!(await readSettings(ctx)).isSignUpOpen) throw refusal('SIGN_UP_CLOSED')
  return { kind: 'open' }
}

async function isTaken(ctx: QueryCtx, email: string): Promise<boolean> {
  const user = await ctx.db
    .query('users')
    .withIndex('email', (q) => q.eq('email', email))
    .first()
  return user !== null || (await hasPasswordAccount(ctx, email))
}

/** Accounts among which administrators are looked for: a deployment has a handful, and they came early. */
const PEOPLE = 1_000

/** Who administers the deployment, the first of them first. */
export async function administrators(ctx: QueryCtx): Promise<Doc<'users'>[]> {
  return (await ctx.db.query('users').take(PEOPLE)).filter(({ isAdmin }) => isAdmin)
}

/** Throws `FORBIDDEN` unless the caller administers the deployment. */
export async function requireAdmin(ctx: QueryCtx, userId: Id<'users'>): Promise<void> {
  const user = await ctx.db.get('users', userId)
  if (user?.isAdmin !== true)
    throw refusal('FORBIDDEN', 'Only an administrator of this deployment may do that.')
}

/** The email as it is kept and compared. Throws `ARGUMENT_INVALID` for what is none, the local owner's among them. */
export function cleanEmail(text: unknown): string {
  const email = typeof text === 'string' ? text.trim().toLowerCase() : ''
  if (email.length > limits.identifierLength || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw refusal('ARGUMENT_INVALID', 'This is not an email address.')
  }
  return email
}
