/** The signed-in person, and who administers the deployment. */
import { v } from 'convex/values'
import { internalMutation, internalQuery } from './_generated/server'
import { anybodyQuery, userQuery } from './functions'
import { requireSignIn } from './model/access'
import { refusal } from './model/errors'
import { cleanEmail } from './model/membership'
import { readSettings } from './model/settings'
import { isGitHubOffered } from './model/environment'
import { passwordEmailOf } from './model/signIns'

/** For actions, which have no database: whose sign-in this is. Throws `UNAUTHENTICATED`. */
export const signedIn = internalQuery({
  args: {},
  returns: v.object({ userId: v.id('users'), authSessionId: v.id('authSessions') }),
  handler: requireSignIn,
})

/** Who is signed in. Null if the account has been removed meanwhile. */
export const me = userQuery({
  args: {},
  returns: v.union(
    v.object({
      id: v.id('users'),
      name: v.optional(v.string()),
      email: v.optional(v.string()),
      isAdmin: v.boolean(),
      hasPassword: v.boolean(),
    }),
    v.null(),
  ),
  handler: async (ctx) => {
    const user = await ctx.db.get('users', ctx.userId)
    if (user === null) return null
    const { _id, name, email, isAdmin } = user
    return {
      id: _id,
      isAdmin: isAdmin === true,
      hasPassword: (await passwordEmailOf(ctx, _id)) !== null,
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
    }
  },
})

/** How one can sign in here, for the sign-in page. */
export const signInWays = anybodyQuery({
  args: {},
  returns: v.object({ isGitHubOffered: v.boolean(), isSignUpOpen: v.boolean() }),
  handler: async (ctx) => {
    const isEmpty = (await ctx.db.query('users').first()) === null
    return {
      isGitHubOffered: isGitHubOffered(),
      isSignUpOpen: isEmpty || (await readSettings(ctx)).isSignUpOpen,
    }
  },
})

/**
 * Makes somebody an administrator, or no longer one; for whoever holds the admin key, where nobody else can. Throws
 * `ARGUMENT_INVALID`, `NOT_FOUND`.
 */
export const setAdmin = internalMutation({
  args: { email: v.string(), isAdmin: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { email, isAdmin }) => {
    const address = cleanEmail(email)
    const user = await ctx.db
      .query('users')
      .withIndex('email', (q) => q.eq('email', address))
      .first()
    if (user === null) throw refusal('NOT_FOUND', `Nobody here has the email ${address}.`)
    await ctx.db.patch('users', user._id, { isAdmin })
    return null
  },
})
