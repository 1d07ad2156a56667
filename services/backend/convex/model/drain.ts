import type { Infer } from 'convex/values'
import type { MutationCtx } from '../_generated/server'
import type { OpenWorker } from './access'
import { addToChat } from './chatLength'
import { setPhase } from './phase'
import type { stopCause } from './validators'

/** Active chats told in one transaction; a worker runs a handful. */
const CHATS_TOLD = 100

/** Shows the worker as draining until `deadlineMs` from now and tells every active chat of it. Repeating it changes nothing. */
export async function announceDrain(
  ctx: MutationCtx,
  worker: OpenWorker,
  { cause, deadlineMs }: { cause: Infer<typeof stopCause>; deadlineMs: number },
): Promise<void> {
  if (worker.status !== 'online' || worker.phase === 'draining') return
  await setPhase(ctx, worker, 'draining', { drain: { cause, deadline: Date.now() + deadlineMs } })
  const active = await ctx.db
    .query('sessions')
    .withIndex('by_worker_and_status', (q) => q.eq('workerId', worker._id).eq('status', 'active'))
    .take(CHATS_TOLD)
  for (const session of active) {
    await addToChat(ctx, session._id, {
      workerId: worker._id,
      role: 'system',
      status: 'completed',
      text: 'The worker is shutting down.',
    })
  }
}
