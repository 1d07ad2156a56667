/** Workers that fail again and again. Owns: `workers.failures` and `workers.isUnstable`. */
import { flapping } from '../../contract/flapping'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { Tally } from './metricsTally'

/**
 * The worker crashed or was lost at `at`: what changes of its document, which the caller writes. With too many failures it is
 * unstable, until there are fewer in the time that counts.
 */
export async function countFailure(
  ctx: MutationCtx,
  worker: Doc<'workers'>,
  at: number,
): Promise<Pick<Doc<'workers'>, 'failures' | 'isUnstable'>> {
  const failures = [...recent(worker, at), at].slice(-flapping.remembered)
  if (failures.length < flapping.failures) return { failures }
  if (!worker.isUnstable) await settleLater(ctx, worker._id, failures)
  return { failures, isUnstable: true }
}

/** Takes the worker for stable again if it has not failed too often lately; otherwise looks again when that can be so. */
export async function settleFlapping(ctx: MutationCtx, workerId: Id<'workers'>): Promise<void> {
  const worker = await ctx.db.get('workers', workerId)
  if (!worker?.isUnstable) return
  const failures = recent(worker, Date.now())
  if (failures.length >= flapping.failures) {
    await settleLater(ctx, workerId, failures)
    return
  }
  const stable = { failures, isUnstable: undefined }
  await ctx.db.patch('workers', workerId, stable)
  await new Tally().worker(worker, { ...worker, ...stable }).write(ctx, workerId)
}

function recent({ failures = [] }: Doc<'workers'>, now: number): number[] {
  return failures.filter((at) => at > now - flapping.withinMs)
}

/** One look for each unstable worker: at the moment from which on, if nothing more happens, too few failures count. */
async function settleLater(ctx: MutationCtx, workerId: Id<'workers'>, failures: number[]): Promise<void> {
  const [decisive = Date.now()] = failures.slice(-flapping.failures)
  await ctx.scheduler.runAt(decisive + flapping.withinMs, internal.cleanupTasks.settleFlapping, { workerId })
}
