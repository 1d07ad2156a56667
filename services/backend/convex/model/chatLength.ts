/** How long a chat gets: its oldest messages go when it has more than `limits.messagesPerChat`. Owns: `ordinal` and `said`. */
import type { WithoutSystemFields } from 'convex/server'
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { deleteMessages, MESSAGES } from './deleteMessages'
import { runningStatuses } from './messageStatus'

type NewMessage = Omit<WithoutSystemFields<Doc<'messages'>>, 'sessionId' | 'ordinal'>

/** Adds a message to the end of a chat: the only way into one. */
export async function addToChat(
  ctx: MutationCtx,
  sessionId: Id<'sessions'>,
  message: NewMessage,
): Promise<Id<'messages'>> {
  const session = await ctx.db.get('sessions', sessionId)
  const ordinal = (session?.said ?? 0) + 1
  await ctx.db.patch('sessions', sessionId, { said: ordinal })
  if (ordinal > limits.messagesPerChat) {
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.shortenChat, { sessionId })
  }
  return await ctx.db.insert('messages', { ...message, sessionId, ordinal })
}

/**
 * Deletes the oldest messages of a chat that has too many, in steps; up to one that an answer is about or that is an answer
 * itself, which nobody has given yet. That one goes when more is said after it.
 */
export async function shortenChat(ctx: MutationCtx, sessionId: Id<'sessions'>): Promise<void> {
  const session = await ctx.db.get('sessions', sessionId)
  const excess = (session?.said ?? 0) - limits.messagesPerChat
  if (session === null || excess <= 0) return
  const oldest = await ctx.db
    .query('messages')
    .withIndex('by_session', (q) => q.eq('sessionId', sessionId))
    .take(MESSAGES)
  const needed = await neededIn(ctx, sessionId)
  const first = oldest.findIndex(({ _id, ordinal = 0 }) => ordinal > excess || needed.has(_id))
  const excessive = first === -1 ? oldest : oldest.slice(0, first)
  const isDone = await deleteMessages(ctx, session.workerId, excessive)
  if (isDone && excessive.length < MESSAGES) return
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.shortenChat, { sessionId })
}

/** Answers that are waited for, and what they are about. */
async function neededIn(ctx: QueryCtx, sessionId: Id<'sessions'>): Promise<Set<Id<'messages'>>> {
  const needed = new Set<Id<'messages'>>()
  for (const status of ['queued', ...runningStatuses] as const) {
    const answers = await ctx.db
      .query('messages')
      .withIndex('by_status_and_session', (q) => q.eq('status', status).eq('sessionId', sessionId))
      .take(limits.queuedPerSession)
    for (const { _id, answers: about } of answers) {
      needed.add(_id)
      if (about) needed.add(about)
    }
  }
  return needed
}
