/** What a worker did on the way to an answer besides its text. Owns: `parts`. */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { identifier, shortened, whole } from './bounds'
import { refusal } from './errors'
import type { part } from './chatValidators'

export type Part = Infer<typeof part>

export interface PartUpdate {
  key: string
  at: number
  what: Part
}

/**
 * Writes parts of an answer, each in place of what was known of it; safe to repeat. What exceeds `limits.partsPerAnswer` is left
 * out. Throws `ARGUMENT_INVALID`.
 */
export async function putParts(
  ctx: MutationCtx,
  answer: Doc<'messages'>,
  updates: PartUpdate[],
): Promise<void> {
  if (updates.length > limits.partsPerCall) {
    throw refusal('ARGUMENT_INVALID', `No more than ${limits.partsPerCall} parts at once.`)
  }
  let count: number | undefined
  for (const { key, at, what } of updates) {
    identifier('key', key)
    whole('at', at)
    const known = await ctx.db
      .query('parts')
      .withIndex('by_message_and_key', (q) => q.eq('messageId', answer._id).eq('key', key))
      .unique()
    if (known) {
      await ctx.db.patch('parts', known._id, { what: bounded(what) })
      continue
    }
    count ??= (await partsOf(ctx, answer._id)).length
    if (count >= limits.partsPerAnswer) continue
    count += 1
    const { _id: messageId, workerId } = answer
    await ctx.db.insert('parts', { messageId, workerId, key, at, what: bounded(what) })
  }
  if (updates.length > 0 && answer.hasParts === undefined) {
    await ctx.db.patch('messages', answer._id, { hasParts: true })
  }
}

/** In the order in which they began. */
export async function partsOf(ctx: QueryCtx, messageId: Id<'messages'>): Promise<Doc<'parts'>[]> {
  const parts = await ctx.db
    .query('parts')
    .withIndex('by_message_and_key', (q) => q.eq('messageId', messageId))
    .take(limits.partsPerAnswer)
  return parts.sort((a, b) => a.at - b.at || a._creationTime - b._creationTime)
}

function bounded(what: Part): Part {
  const most = limits.partLength
  const truncated = (...texts: string[]) =>
    texts.some(({ length }) => length > most) ? { isTruncated: true as const } : {}
  if (what.kind === 'reasoning') {
    return { ...what, text: shortened(what.text, most), ...truncated(what.text) }
  }
  const { tool, title, input, output } = what
  return {
    ...what,
    ...{ tool: identifier('tool', tool), title: shortened(title, limits.identifierLength) },
    ...{ input: shortened(input, most), output: shortened(output, most) },
    ...truncated(input, output),
  }
}
