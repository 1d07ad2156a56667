/** What an online worker is doing. Owns: changes of `workers.phase` between coming online and going offline (`presence.ts`). */
import type { Infer } from 'convex/values'
import type { Doc } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { livenessOf, type OpenWorker } from './access'
import { refusal } from './errors'
import { Tally } from './metricsTally'
import { continueRollout } from './rollouts'
import type { phase } from './validators'

type Phase = Infer<typeof phase>

/**
 * opencode answers: the worker takes work, unless it has begun to shut down meanwhile, which nothing takes back. Throws
 * `WORKER_OFFLINE` until a beat has brought it online.
 */
export async function markReady(
  ctx: MutationCtx,
  worker: OpenWorker,
  opencodeVersion: string,
): Promise<void> {
  if (worker.status !== 'online') throw refusal('WORKER_OFFLINE')
  const versions = { ...worker.incarnation.versions, opencode: opencodeVersion }
  const incarnation = { ...worker.incarnation, versions }
  await setPhase(ctx, worker, phaseOf({ ...worker, incarnation }), { incarnation })
  const machine = await ctx.db.get('machines', worker.machineId)
  if (machine) await continueRollout(ctx, machine, worker, 'ready')
}

/**
 * Shows whether an online worker answers its supervisor. What it did before shows again when it does. That it hangs is a sign
 * of life, too: whoever cannot beat would be stale before its supervisor ends it, and be called lost although all is known.
 */
export async function markHung(ctx: MutationCtx, worker: OpenWorker, isHung: boolean): Promise<void> {
  if (worker.status !== 'online') return
  if (isHung) {
    const liveness = await livenessOf(ctx, worker._id)
    await ctx.db.patch('liveness', liveness._id, { lastHeartbeatAt: Date.now() })
  }
  if ((worker.phase === 'hung') === isHung) return
  await setPhase(ctx, worker, isHung ? 'hung' : phaseOf(worker))
}

/**
 * Counts a prompt that begins or has ended: busy while at least one runs. Draining and hung are not overwritten. Writes the
 * tally with it.
 */
export async function countPrompts(
  ctx: MutationCtx,
  worker: OpenWorker,
  change: 1 | -1,
  tally: Tally,
): Promise<void> {
  const runningPrompts = Math.max(0, worker.runningPrompts + change)
  const next = phaseOf({ ...worker, runningPrompts })
  const isWorking = worker.phase === 'ready' || worker.phase === 'busy'
  if (isWorking && next !== worker.phase) {
    await setPhase(ctx, worker, next, { runningPrompts }, tally)
    return
  }
  await ctx.db.patch('workers', worker._id, { runningPrompts })
  await tally.write(ctx, worker._id)
}

/** Writes a phase, what else changes of the worker with it, and the tally. */
export async function setPhase(
  ctx: MutationCtx,
  worker: Doc<'workers'>,
  phase: Phase,
  also: Partial<Pick<Doc<'workers'>, 'drain' | 'incarnation' | 'runningPrompts'>> = {},
  tally = new Tally(),
): Promise<void> {
  await ctx.db.patch('workers', worker._id, { ...also, phase, phaseChangedAt: Date.now() })
  await tally.worker(worker, { ...worker, phase }).write(ctx, worker._id)
}

/** What an online worker does that answers its supervisor. Its opencode has answered if its version is known. */
function phaseOf({ drain, incarnation, runningPrompts }: OpenWorker): Exclude<Phase, 'hung'> {
  if (drain) return 'draining'
  if (incarnation.versions.opencode === undefined) return 'starting'
  return runningPrompts > 0 ? 'busy' : 'ready'
}
