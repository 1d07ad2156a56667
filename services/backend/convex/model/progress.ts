/** How far chats are. Owns: `sessions.progress`. */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { lastSaid } from './lastSaid'
import { runningStatuses, type MessageStatus } from './messageStatus'
import type { progress } from './chatValidators'

/** To be called after an answer was queued, claimed or ended, and after something was asked or replied; not for its text. */
export async function refreshProgress(ctx: MutationCtx, sessionId: Id<'sessions'>): Promise<void> {
  const session = await ctx.db.get('sessions', sessionId)
  if (session === null) return
  const progress = await progressOf(ctx, sessionId)
  if (progress !== session.progress) await ctx.db.patch('sessions', sessionId, { progress })
}

async function progressOf(
  ctx: QueryCtx,
  sessionId: Id<'sessions'>,
): Promise<Infer<typeof progress> | undefined> {
  for (const status of runningStatuses) {
    const answer = await firstAnswer(ctx, sessionId, status)
    if (answer) return (await isAsking(ctx, answer)) ? 'asking' : 'running'
  }
  if (await firstAnswer(ctx, sessionId, 'queued')) return 'queued'
  const last = await lastSaid(ctx, sessionId)
  return last && hasEnded(last.status) ? last.status : undefined
}

function hasEnded(status: MessageStatus): status is 'completed' | 'failed' | 'interrupted' {
  return status === 'completed' || status === 'failed' || status === 'interrupted'
}

async function firstAnswer(
  ctx: QueryCtx,
  sessionId: Id<'sessions'>,
  status: MessageStatus,
): Promise<Doc<'messages'> | null> {
  return await ctx.db
    .query('messages')
    .withIndex('by_status_and_session', (q) => q.eq('status', status).eq('sessionId', sessionId))
    .first()
}

async function isAsking(ctx: QueryCtx, { _id, sessionId }: Doc<'messages'>): Promise<boolean> {
  const open = await ctx.db
    .query('requests')
    .withIndex('by_session', (q) => q.eq('sessionId', sessionId).eq('state.kind', 'open'))
    .take(limits.requestsPerAnswer)
  return open.some(({ messageId }) => messageId === _id)
}
