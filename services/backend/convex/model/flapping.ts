/**
 * Workers that fail again and again. Owns: `workers.failures` and `workers.isUnstable`. So many failures within an hour make a worker
 * unstable; it is stable again when no more than half as many count. It has an alert for as long.
 */
import type { Infer } from 'convex/values'
import { flapping } from '../../contract/flapping'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { lastWords } from './alertEvidence'
import { raise, resolve } from './alerts'
import { Tally } from './metricsTally'
import { readSettings } from './settings'
import type { offlineEvidence } from './validators'

/** A crash or a loss. `at`: server time, ms since 1970. */
interface Failure {
  at: number
  reason: 'crashed' | 'stale'
  evidence: Infer<typeof offlineEvidence>
}

/** The worker failed: what changes of its document, which the caller writes. Raises the alert of one that is unstable. */
export async function countFailure(
  ctx: MutationCtx,
  worker: Doc<'workers'>,
  { at, reason, evidence }: Failure,
): Promise<Pick<Doc<'workers'>, 'failures' | 'isUnstable'>> {
  const { unstableFailures: threshold } = await readSettings(ctx)
  const failures = [...recent(worker, at), at].slice(-flapping.remembered)
  if (!worker.isUnstable && failures.length < threshold) return { failures }
  if (!worker.isUnstable) await settleLater(ctx, worker._id, failures, threshold)
  const machine = await ctx.db.get('machines', worker.machineId)
  if (machine) {
    const last = { at, reason, ...lastWords(evidence) }
    await raise(
      ctx,
      { rule: 'flapping', failures: failures.length, threshold, last },
      {
        ...{ workerId: worker._id, worker: worker.name },
        ...{ machineId: machine._id, machine: machine.name, ownerId: machine.ownerId },
      },
    )
  }
  return { failures, isUnstable: true }
}

/** Takes the worker for stable again if it has not failed too often lately; otherwise looks again when that can be so. */
export async function settleFlapping(ctx: MutationCtx, workerId: Id<'workers'>): Promise<void> {
  const worker = await ctx.db.get('workers', workerId)
  if (!worker?.isUnstable) return
  const { unstableFailures: threshold } = await readSettings(ctx)
  const failures = recent(worker, Date.now())
  if (failures.length > threshold / 2) {
    await settleLater(ctx, workerId, failures, threshold)
    return
  }
  const stable = { failures, isUnstable: undefined }
  await ctx.db.patch('workers', workerId, stable)
  await new Tally().worker(worker, { ...worker, ...stable }).write(ctx, workerId)
  await resolve(ctx, 'flapping', workerId)
}

function recent({ failures = [] }: Doc<'workers'>, now: number): number[] {
  return failures.filter((at) => at > now - flapping.withinMs)
}

/** One look for each unstable worker: at the moment from which on, if nothing more happens, few enough failures count. */
async function settleLater(
  ctx: MutationCtx,
  workerId: Id<'workers'>,
  failures: number[],
  threshold: number,
): Promise<void> {
  const [decisive = Date.now()] = failures.slice(-(Math.floor(threshold / 2) + 1))
  await ctx.scheduler.runAt(decisive + flapping.withinMs, internal.cleanupTasks.settleFlapping, { workerId })
}
