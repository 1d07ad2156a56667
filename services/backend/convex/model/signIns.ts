/** Where people are signed in. Convex Auth makes sign-ins; here they are listed and ended. */
import { MINUTE } from '../../contract/time'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'

const LISTED = 50
/** One that is used for its 30 days has one for each hour or so; those of an ended sign-in that are left are worth nothing. */
const REFRESH_TOKENS = 1_000

/** Convex Auth takes ten wrong passwords of one account in an hour, one more each six minutes after that. */
const WRONG_PASSWORD_MS = 6 * MINUTE

/** The newest first. */
export async function signInsOf(ctx: QueryCtx, userId: Id<'users'>): Promise<Doc<'authSessions'>[]> {
  return await ctx.db
    .query('authSessions')
    .withIndex('userId', (q) => q.eq('userId', userId))
    .order('desc')
    .take(LISTED)
}

/** Nothing that this browser asks is answered any more. */
export async function endSignIn(ctx: MutationCtx, { _id }: Doc<'authSessions'>): Promise<void> {
  const refreshTokens = await ctx.db
    .query('authRefreshTokens')
    .withIndex('sessionId', (q) => q.eq('sessionId', _id))
    .take(REFRESH_TOKENS)
  for (const token of refreshTokens) await ctx.db.delete('authRefreshTokens', token._id)
  await ctx.db.delete('authSessions', _id)
}

/** The email that somebody signs in with by password; null for those who do not. */
export async function passwordEmailOf(ctx: QueryCtx, userId: Id<'users'>): Promise<string | null> {
  const account = await ctx.db
    .query('authAccounts')
    .withIndex('userIdAndProvider', (q) => q.eq('userId', userId).eq('provider', 'password'))
    .unique()
  return account?.providerAccountId ?? null
}

async function passwordAccount(ctx: QueryCtx, email: string): Promise<Doc<'authAccounts'> | null> {
  return await ctx.db
    .query('authAccounts')
    .withIndex('providerAndAccountId', (q) => q.eq('provider', 'password').eq('providerAccountId', email))
    .unique()
}

export async function hasPasswordAccount(ctx: QueryCtx, email: string): Promise<boolean> {
  return (await passwordAccount(ctx, email)) !== null
}

/** When a password for this email is looked at again, after too many wrong ones; ms since 1970. */
export async function passwordRetryAt(ctx: QueryCtx, email: string): Promise<number> {
  const account = await passwordAccount(ctx, email)
  const count =
    account &&
    (await ctx.db
      .query('authRateLimits')
      .withIndex('identifier', (q) => q.eq('identifier', account._id))
      .unique())
  if (!count) return Date.now()
  return count.lastAttemptTime + Math.ceil((1 - count.attemptsLeft) * WRONG_PASSWORD_MS)
}
