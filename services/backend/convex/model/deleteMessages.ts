import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { Tally } from './metricsTally'

/** Read in one transaction by those who delete them: a message may be a megabyte, and Convex reads at most sixteen in one. */
export const MESSAGES = 10

/** Parts and requests that are deleted in one transaction, whichever messages they belong to; a part is some 20 kB. */
const BELONGINGS = 100

/**
 * Deletes messages of a worker, at most `MESSAGES`, with their parts and with what was asked in the middle of them, in this order and
 * as far as it fits a transaction. None of them may be an answer that is being given. Answers whether all are gone.
 */
export async function deleteMessages(
  ctx: MutationCtx,
  workerId: Id<'workers'>,
  messages: Doc<'messages'>[],
): Promise<boolean> {
  const tally = new Tally()
  let room = BELONGINGS
  for (const message of messages) {
    room -= await deleteFrom(ctx, 'parts', message._id, room)
    room -= await deleteFrom(ctx, 'requests', message._id, room)
    if (room === 0) break
    await ctx.db.delete('messages', message._id)
    tally.answer(message, null)
  }
  await tally.write(ctx, workerId)
  return room > 0
}

/** Those of one message, at most so many; answers how many there were. */
async function deleteFrom(
  ctx: MutationCtx,
  table: 'parts' | 'requests',
  messageId: Id<'messages'>,
  most: number,
): Promise<number> {
  const rows = await ctx.db
    .query(table)
    .withIndex('by_message_and_key', (q) => q.eq('messageId', messageId))
    .take(most)
  for (const { _id } of rows) await ctx.db.delete(table, _id)
  return rows.length
}
