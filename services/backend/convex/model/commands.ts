/** What people tell workers to do from afar. Owns: `workers.command`, until the worker is offline (`model/presence`). */
import type { Infer } from 'convex/values'
import type { Doc } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { refusal } from './errors'
import type { command } from './validators'

type Command = Infer<typeof command>

/**
 * Tells the present incarnation to stop or restart, in place of what it was told before. Throws `WORKER_OFFLINE`; also
 * `WORKER_DRAINING`, for then it is too late to choose.
 */
export async function orderWorker(
  ctx: MutationCtx,
  worker: Doc<'workers'>,
  command: Command,
  by: string,
): Promise<void> {
  if (worker.status === 'offline') throw refusal('WORKER_OFFLINE', 'The worker is offline already.')
  if (worker.phase === 'draining') throw refusal('WORKER_DRAINING', 'The worker is shutting down already.')
  await ctx.db.patch('workers', worker._id, { command: { ...command, by, epoch: worker.epoch } })
}

/** Whether a worker is there and has not begun to go. */
export function mayBeOrdered({ status, phase }: Doc<'workers'>): boolean {
  return status === 'online' && phase !== 'draining'
}

/** Takes back what the worker has not begun to do. Safe to repeat. Throws `WORKER_DRAINING` when it has begun. */
export async function withdrawOrder(ctx: MutationCtx, worker: Doc<'workers'>): Promise<void> {
  if (worker.phase === 'draining') throw refusal('WORKER_DRAINING', 'The worker is shutting down already.')
  await ctx.db.patch('workers', worker._id, { command: undefined })
}

/** What the present incarnation is to do; null for nothing. */
export function commandOf({ command, epoch }: Doc<'workers'>): Command | null {
  return command?.epoch === epoch ? { kind: command.kind, when: command.when } : null
}
