/** Passwords: what they have to be, and how a wrong one is answered. Convex Auth keeps and checks them. */
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { ActionCtx } from '../_generated/server'
import { refusal, tooOften } from './errors'

/** The password itself. Throws `PASSWORD_INVALID`. */
export function checkedPassword(password: unknown): string {
  const { least, most } = limits.passwordLength
  if (typeof password === 'string' && password.length >= least && password.length <= most) return password
  throw refusal('PASSWORD_INVALID')
}

/**
 * What Convex Auth answers to a password. Throws `CREDENTIALS_INVALID` for an email or a password that is wrong, whichever;
 * `RATE_LIMITED` after ten wrong ones of one account in an hour (Convex Auth's count).
 */
export async function answerToPassword<T>(
  ctx: Pick<ActionCtx, 'runQuery'>,
  email: string,
  asked: Promise<T>,
): Promise<T> {
  try {
    return await asked
  } catch (thrown: unknown) {
    const reason = thrown instanceof Error ? thrown.message : ''
    if (reason === 'InvalidSecret' || reason === 'InvalidAccountId') throw refusal('CREDENTIALS_INVALID')
    if (reason !== 'TooManyFailedAttempts') throw thrown
    const retryAt: number = await ctx.runQuery(internal.account.passwordRetryAt, { email })
    throw tooOften(retryAt)
  }
}
