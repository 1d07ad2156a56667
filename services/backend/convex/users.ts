/** The signed-in person. */
import { v } from 'convex/values'
import { userQuery } from './functions'

/** Who is signed in. Null if the account has been removed meanwhile. */
export const me = userQuery({
  args: {},
  returns: v.union(
    v.object({ id: v.id('users'), name: v.optional(v.string()), email: v.optional(v.string()) }),
    v.null(),
  ),
  handler: async (ctx) => {
    const user = await ctx.db.get('users', ctx.userId)
    if (user === null) return null
    const { _id, name, email } = user
    return { id: _id, ...(name !== undefined && { name }), ...(email !== undefined && { email }) }
  },
})
