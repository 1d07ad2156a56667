/** What a person does with their own account: sign-ins, password, trail, the end of it. */
import { invalidateSessions, modifyAccountCredentials, retrieveAccount } from '@convex-dev/auth/server'
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { v } from 'convex/values'
import { internal } from './_generated/api'
import { internalMutation, internalQuery } from './_generated/server'
import { userAction, userMutation, userQuery } from './functions'
import { removeAccount, requireSuccessor } from './model/accounts'
import { audit } from './model/audit'
import { pageOf } from './model/bounds'
import { refusal } from './model/errors'
import { answerToPassword, checkedPassword } from './model/passwords'
import { endSignIn as end, passwordEmailOf, passwordRetryAt as retryAt, signInsOf } from './model/signIns'
import { audited } from './model/accessValidators'

/** Where the caller is signed in, the newest first; `isThis` for the browser that asks. Times in ms since 1970. */
export const signIns = userQuery({
  args: {},
  returns: v.array(v.object({ id: v.id('authSessions'), since: v.number(), isThis: v.boolean() })),
  handler: async (ctx) =>
    (await signInsOf(ctx, ctx.userId)).map(({ _id, _creationTime }) => ({
      ...{ id: _id, since: _creationTime, isThis: _id === ctx.authSessionId },
    })),
})

/** Ends one of the caller's sign-ins: what that browser shows ends with it. Throws `NOT_FOUND`. */
export const endSignIn = userMutation({
  args: { signInId: v.id('authSessions') },
  returns: v.null(),
  handler: async (ctx, { signInId }) => {
    const signIn = await ctx.db.get('authSessions', signInId)
    if (signIn?.userId !== ctx.userId) throw refusal('NOT_FOUND')
    await end(ctx, signIn)
    await audit(ctx, ctx.userId, ctx.userId, { kind: 'signInEnded' })
    return null
  },
})

/**
 * Sets another password and ends every other sign-in. Throws `CREDENTIALS_INVALID` if `current` is wrong, `RATE_LIMITED` after
 * too many wrong ones, `PASSWORD_INVALID` for one that is too short or long, `NOT_FOUND` without a password to change.
 */
export const changePassword = userAction({
  args: { current: v.string(), next: v.string() },
  returns: v.null(),
  handler: async (ctx, { current, next }): Promise<null> => {
    const { userId, authSessionId } = ctx
    const email: string | null = await ctx.runQuery(internal.account.passwordEmail, { userId })
    if (email === null) throw refusal('NOT_FOUND', 'This account has no password.')
    const secret = checkedPassword(next)
    const account = { id: email, secret: current }
    await answerToPassword(ctx, email, retrieveAccount(ctx, { provider: 'password', account }))
    await modifyAccountCredentials(ctx, { provider: 'password', account: { id: email, secret } })
    await invalidateSessions(ctx, { userId, except: [authSessionId] })
    await ctx.runMutation(internal.account.passwordChanged, { userId })
    return null
  },
})

/** What somebody signs in with by password, if they do. */
export const passwordEmail = internalQuery({
  args: { userId: v.id('users') },
  returns: v.union(v.string(), v.null()),
  handler: (ctx, { userId }) => passwordEmailOf(ctx, userId),
})

/** When a password is looked at again after too many wrong ones, in ms since 1970. */
export const passwordRetryAt = internalQuery({
  args: { email: v.string() },
  returns: v.number(),
  handler: (ctx, { email }) => retryAt(ctx, email),
})

/** The last step of `changePassword`. */
export const passwordChanged = internalMutation({
  args: { userId: v.id('users') },
  returns: v.null(),
  handler: async (ctx, { userId }) => {
    await audit(ctx, userId, userId, { kind: 'passwordChanged' })
    return null
  },
})

/** What was done about access to the caller's account and machines, and by whom, newest first. */
export const trail = userQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(
    v.object({ id: v.id('auditEvents'), at: v.number(), by: v.string(), what: audited }),
  ),
  handler: async (ctx, { paginationOpts }) => {
    const events = await ctx.db
      .query('auditEvents')
      .withIndex('by_user', (q) => q.eq('userId', ctx.userId))
      .order('desc')
      .paginate(pageOf(paginationOpts))
    const page = events.page.map(({ _id, _creationTime, by, what }) => ({
      ...{ id: _id, at: _creationTime, by, what },
    }))
    return { ...events, page }
  },
})

/**
 * Ends the caller's account: it and its sign-ins are gone in this transaction; its machines, shares and chats in the moments and
 * minutes after it (as by `machines.remove`). `email` is the account's own, typed again. Throws `ARGUMENT_INVALID` if it is
 * another, `LAST_ADMINISTRATOR` for the only one of a deployment that others have accounts on.
 */
export const remove = userMutation({
  args: { email: v.string() },
  returns: v.null(),
  handler: async (ctx, { email }) => {
    const user = await ctx.db.get('users', ctx.userId)
    if (user === null) throw refusal('NOT_FOUND')
    if (user.email !== undefined && user.email !== email.trim().toLowerCase()) {
      throw refusal('ARGUMENT_INVALID', 'This is not the email of your account.')
    }
    await requireSuccessor(ctx, user)
    await removeAccount(ctx, user._id)
    return null
  },
})
