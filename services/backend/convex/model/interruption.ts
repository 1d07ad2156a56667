import { internal } from '../_generated/api'
import type { Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { runningStatuses } from './messageStatus'
import { Tally } from './metricsTally'
import { refreshProgress } from './progress'

/** Documents closed in one transaction. */
const BATCH = 100

/** Goes on with `interruptAnswers` in a transaction of its own. */
export async function interruptRest(ctx: MutationCtx, workerId: Id<'workers'>, epoch: number): Promise<void> {
  const tally = new Tally()
  await interruptAnswers(ctx, workerId, epoch, tally)
  await tally.write(ctx, workerId)
}

/**
 * Closes what a worker was doing up to `epoch` when it went offline: running answers become `interrupted` and keep their
 * text, active sessions `suspended`. Goes on in a scheduled continuation if there is more than a batch. The caller writes the tally.
 */
export async function interruptAnswers(
  ctx: MutationCtx,
  workerId: Id<'workers'>,
  epoch: number,
  tally: Tally,
): Promise<void> {
  let isMore = false
  for (const status of runningStatuses) {
    const running = await ctx.db
      .query('messages')
      .withIndex('by_worker_and_status', (q) => q.eq('workerId', workerId).eq('status', status))
      .take(BATCH)
    isMore ||= running.length === BATCH
    for (const message of running) {
      if (message.epoch !== undefined && message.epoch > epoch) continue
      tally.answer(message, { status: 'interrupted' })
      await ctx.db.patch('messages', message._id, {
        status: 'interrupted',
        cause: 'The worker went offline while it was answering.',
        finishedAt: Date.now(),
        ...{ stopRequestedAt: undefined, modelRetry: undefined },
      })
      await refreshProgress(ctx, message.sessionId)
    }
  }
  const worker = await ctx.db.get('workers', workerId)
  if (worker?.status === 'offline') {
    const active = await ctx.db
      .query('sessions')
      .withIndex('by_worker_and_status', (q) => q.eq('workerId', workerId).eq('status', 'active'))
      .take(BATCH)
    isMore ||= active.length === BATCH
    for (const session of active) {
      tally.session(session, { status: 'suspended' })
      await ctx.db.patch('sessions', session._id, { status: 'suspended' })
    }
  }
  if (isMore) await ctx.scheduler.runAfter(0, internal.cleanupTasks.interruptAnswersOf, { workerId, epoch })
}
