/** A new secret for a worker, without taking down the process that runs with the former one. */
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { livenessOf } from './access'
import { markOffline } from './presence'

/**
 * Puts a new secret in place. Of several former ones only the last is still taken: a secret that was lost shall not come
 * back by rotating twice.
 */
export async function rotateSecret(
  ctx: MutationCtx,
  worker: Doc<'workers'>,
  secretHash: string,
): Promise<void> {
  const hash = worker.secretHash
  const until = Date.now() + limits.formerSecretMs
  await ctx.db.patch('workers', worker._id, { secretHash, formerSecret: { hash, until } })
  if (worker.formerSecret) await dropLease(ctx, worker, worker.formerSecret.hash)
  await ctx.scheduler.runAt(until, internal.cleanupTasks.endFormerSecretOf, { workerId: worker._id, hash })
}

/** Does nothing if the worker has switched meanwhile, or was rotated again. */
export async function endFormerSecret(
  ctx: MutationCtx,
  workerId: Id<'workers'>,
  hash: string,
): Promise<void> {
  const worker = await ctx.db.get('workers', workerId)
  if (worker?.formerSecret?.hash !== hash) return
  await ctx.db.patch('workers', workerId, { formerSecret: undefined })
  await dropLease(ctx, worker, hash)
}

/** Whoever still runs with this secret is told so by its next call, and is not online until then. */
async function dropLease(ctx: MutationCtx, worker: Doc<'workers'>, hash: string): Promise<void> {
  const { lease } = await livenessOf(ctx, worker._id)
  if (lease?.secretHash !== hash) return
  const message = 'Its token was replaced by a new one.'
  await markOffline(ctx, worker, { reason: 'revoked', noticedBy: 'backend', evidence: { message } })
}
