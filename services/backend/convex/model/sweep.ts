import { MINUTE, SECOND } from '../../contract/time'
import { internal } from '../_generated/api'
import type { Doc } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { isMassSilence } from './massSilence'
import { Tally } from './metricsTally'
import { endOnline } from './presence'
import { readTimes } from './settings'
import { staleGroups, staleIn } from './staleGroups'
import { readSweepState, scheduleNextSweep } from './sweepSchedule'

/** Workers taken offline in one transaction: each costs about eight documents, well inside Convex's limits. */
export const SWEEP_BATCH = 100

/** A sweep that runs this much after it was due did not oversleep by itself: the backend was down or paused. */
const LATE_MS = 5 * SECOND

/** The cron comes every two minutes: without a sweep for longer than this, the backend was not running. */
const LONGEST_SILENCE_MS = 2 * MINUTE + 30 * SECOND

export interface StaleWorkersCleanupResult {
  success: boolean
  markedOfflineCount: number
  affectedMachineIds: string[]
}

/**
 * Takes offline whoever has not been heard of for over the stale threshold that holds for it, oldest first in each group, at most
 * `SWEEP_BATCH` of them; a backlog goes on in a continuation at once. Reads one of each group, what is stale, as many again that are
 * not, and the state of the sweep.
 *
 * Nobody is judged while a grace lasts: one stale period of the deployment, and for workers with a longer one of their own that one.
 * It is granted when the backend itself had slept, or when over half the fleet fell silent in the same moment; for that, whoever
 * has not been heard from since a grace does not count again.
 */
export async function sweep(ctx: MutationCtx): Promise<StaleWorkersCleanupResult> {
  const now = Date.now()
  const { staleThresholdMs } = await readTimes(ctx)
  const state = await readSweepState(ctx)
  const nobody = { success: true, markedOfflineCount: 0, affectedMachineIds: [] }

  if (state?.grace && now < state.grace.until) {
    await scheduleNextSweep(ctx, state, { lastRunAt: now, isIdle: true })
    return nobody
  }
  const grant = async (cause: 'backend-gap' | 'mass-silence') => {
    const grace = { cause, until: now + staleThresholdMs }
    await ctx.db.insert('fleetEvents', { at: now, what: { kind: 'grace', ...grace } })
    await scheduleNextSweep(ctx, state, { lastRunAt: now, grace })
    await new Tally().add(`sweeps.${cause}`).write(ctx, 'sweep')
    return nobody
  }
  if (state && hasSlept(state, now)) return await grant('backend-gap')

  const groups = await staleGroups(ctx, staleThresholdMs, state?.grace)
  const stale: Doc<'liveness'>[] = []
  for (const group of groups) {
    stale.push(...(await staleIn(ctx, group, { now, atMost: SWEEP_BATCH - stale.length })))
  }
  const areMore = stale.length === SWEEP_BATCH
  const since = state?.grace?.until ?? 0
  const found = stale.filter(({ lastHeartbeatAt }) => lastHeartbeatAt >= since).length
  if (await isMassSilence(ctx, groups, { now, found, areMore, since })) return await grant('mass-silence')

  const affected = new Set<string>()
  const tally = new Tally()
  const known = { reason: 'stale' as const, noticedBy: 'sweep' as const, evidence: {} }
  for (const liveness of stale) {
    const worker = await ctx.db.get('workers', liveness.workerId)
    if (worker?.status !== 'online') continue
    await endOnline(ctx, worker, known, tally, liveness)
    affected.add(worker.machineId)
    tally.add('sweeps.workers')
  }
  if (stale.length > 0) tally.add('sweeps.marked')
  await tally.write(ctx, 'sweep')
  if (areMore) {
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.detectStaleWorkers, {})
  } else {
    await scheduleNextSweep(ctx, state, { lastRunAt: now, isIdle: stale.length === 0 })
  }
  return { success: true, markedOfflineCount: stale.length, affectedMachineIds: [...affected] }
}

/** Whether no sweep could run when one should have: the deployment was paused, restored or down. */
function hasSlept(state: Doc<'sweepState'>, now: number): boolean {
  const isLate = state.nextRunAt !== null && now > state.nextRunAt + LATE_MS
  return isLate || now > state.lastRunAt + LONGEST_SILENCE_MS
}
