/** The end of a token that was given a term. */
import { internal } from '../_generated/api'
import type { Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { markOffline } from './presence'

/** `expiresAt` in ms since 1970; undefined: for ever. */
export async function setTerm(
  ctx: MutationCtx,
  workerId: Id<'workers'>,
  expiresAt: number | undefined,
): Promise<void> {
  await ctx.db.patch('workers', workerId, { tokenExpiresAt: expiresAt })
  if (expiresAt !== undefined) {
    await ctx.scheduler.runAt(expiresAt, internal.cleanupTasks.endTokenOf, { workerId, expiresAt })
  }
}

/** Whoever runs with it is offline now and told why by the next call. Does nothing if the term has changed since. */
export async function endToken(ctx: MutationCtx, workerId: Id<'workers'>, expiresAt: number): Promise<void> {
  const worker = await ctx.db.get('workers', workerId)
  if (worker?.tokenExpiresAt !== expiresAt || worker.status !== 'online') return
  const message = 'Its token has expired.'
  await markOffline(ctx, worker, { reason: 'revoked', noticedBy: 'backend', evidence: { message } })
}
