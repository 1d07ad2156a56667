/** One-time sign-in links. Owns: `signInLinks`; they are made in `localOwner.ts`. */
import { v } from 'convex/values'
import { internalMutation } from './_generated/server'

/** Expired links deleted along with a spent one. */
const EXPIRED_BATCH = 20

/** Spends a link: whose it was, or null if there is none with this hash or it has expired. */
export const redeem = internalMutation({
  args: { tokenHash: v.string() },
  returns: v.union(v.id('users'), v.null()),
  handler: async (ctx, { tokenHash }) => {
    const link = await ctx.db
      .query('signInLinks')
      .withIndex('by_token_hash', (q) => q.eq('tokenHash', tokenHash))
      .unique()
    const now = Date.now()
    const oldest = await ctx.db.query('signInLinks').take(EXPIRED_BATCH)
    for (const { _id, expiresAt } of oldest) {
      if (expiresAt <= now && _id !== link?._id) await ctx.db.delete('signInLinks', _id)
    }
    if (link === null) return null
    await ctx.db.delete('signInLinks', link._id)
    const isOver = link.expiresAt <= now || (await ctx.db.get('users', link.userId)) === null
    return isOver ? null : link.userId
  },
})
