import type { Doc, Id } from '../_generated/dataModel'
import type { QueryCtx } from '../_generated/server'

/** So many in a row, and more, are not looked through: each stands for a shutdown in which nothing was said. */
const SYSTEM_MESSAGES = 20

/** The newest message of a person or a worker: that a worker shuts down is said in between. */
export async function lastSaid(
  ctx: QueryCtx,
  sessionId: Id<'sessions'>,
): Promise<Doc<'messages'> | undefined> {
  const newest = await ctx.db
    .query('messages')
    .withIndex('by_session', (q) => q.eq('sessionId', sessionId))
    .order('desc')
    .take(SYSTEM_MESSAGES)
  return newest.find(({ role }) => role !== 'system')
}
