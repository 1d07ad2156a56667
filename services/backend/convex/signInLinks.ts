/** One-time sign-in links. Owns: `signInLinks`; those of the local owner are made in `localOwner.ts`. */
import { v } from 'convex/values'
import { limits } from '../contract/limits'
import type { Doc } from './_generated/dataModel'
import { internalMutation, type QueryCtx } from './_generated/server'
import { refusal } from './model/errors'
import { administrators } from './model/membership'
import { personName } from './model/views'

/** Expired links deleted along with a spent one. */
const EXPIRED_BATCH = 20

/**
 * Makes a link for the person with this email, or else for the first administrator, usable once within `limits.signInLinkMs`; for
 * whoever holds the admin key. Answers whom it signs in. Throws `NOT_FOUND`.
 */
export const create = internalMutation({
  args: { tokenHash: v.string(), email: v.optional(v.string()) },
  returns: v.object({ person: v.string() }),
  handler: async (ctx, { tokenHash, email }) => {
    const user = email === undefined ? await firstAdministrator(ctx) : await userWith(ctx, email)
    const expiresAt = Date.now() + limits.signInLinkMs
    await ctx.db.insert('signInLinks', { userId: user._id, tokenHash, expiresAt })
    return { person: personName(user) }
  },
})

async function firstAdministrator(ctx: QueryCtx): Promise<Doc<'users'>> {
  const [first] = await administrators(ctx)
  if (first) return first
  throw refusal('NOT_FOUND', 'Nobody administers this deployment yet: who signs up first does.')
}

async function userWith(ctx: QueryCtx, email: string): Promise<Doc<'users'>> {
  const address = email.trim().toLowerCase()
  const found = await ctx.db
    .query('users')
    .withIndex('email', (q) => q.eq('email', address))
    .first()
  if (found) return found
  throw refusal('NOT_FOUND', `Nobody here has the email ${address}.`)
}

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
