/** The signed-in person, and who administers the deployment. */
import { v } from 'convex/values'
import { internalMutation } from './_generated/server'
import { userQuery } from './functions'
import { refusal } from './model/errors'
import { cleanEmail } from './model/membership'

/** Who is signed in. Null if the account has been removed meanwhile. */
export const me = userQuery({
  args: {},
  returns: v.union(
    v.object({
      id: v.id('users'),
      name: v.optional(v.string()),
      email: v.optional(v.string()),
      isAdmin: v.boolean(),
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
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
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
