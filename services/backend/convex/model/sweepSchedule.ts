/**
 * When the next sweep comes. Owns: `sweepState`. One sweep is pending for the whole fleet while anybody is online, at the
 * moment the first worker would become stale: the earliest deadline of all groups (`staleGroups.ts`).
 */
import { SECOND } from '../../contract/time'
import { internal } from '../_generated/api'
import type { Doc } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { readTimes } from './settings'
import { deadlineOf, staleGroups } from './staleGroups'

/** A sweep that comes exactly at the deadline finds nothing stale yet: staleness is "over" the threshold. */
const MARGIN_MS = 50

/** Never sooner than this after now, so that a clock that jumps cannot spin the sweep. */
const SOONEST_MS = SECOND

export async function readSweepState(ctx: QueryCtx): Promise<Doc<'sweepState'> | null> {
  return await ctx.db.query('sweepState').first()
}

/**
 * Makes sure that a sweep is pending which is not too late for a worker that comes online now; does nothing if one is. Must be called
 * for each.
 */
export async function armSweep(
  ctx: MutationCtx,
  { staleAfterMs }: Pick<Doc<'liveness'>, 'staleAfterMs'>,
): Promise<void> {
  const state = await readSweepState(ctx)
  const thresholdMs = staleAfterMs ?? (await readTimes(ctx)).staleThresholdMs
  const latest = Date.now() + Math.max(SOONEST_MS, thresholdMs + MARGIN_MS)
  const isInTime = state !== null && state.nextRunAt !== null && state.nextRunAt <= latest
  if (!isInTime) await rescheduleSweep(ctx)
}

/** Moves the pending sweep to where the next deadline is now. Called whenever a threshold changes. */
export async function rescheduleSweep(ctx: MutationCtx): Promise<void> {
  const state = await readSweepState(ctx)
  await scheduleNextSweep(ctx, state, { lastRunAt: state?.lastRunAt ?? Date.now() })
}

/**
 * Replaces whatever sweep is pending by one at the next deadline, or by none while nobody is online; a grace moves deadlines to its
 * end, and stays on record until the next one. A sweep whose time has come is left alone: it may be the caller, and what a cancelled
 * function schedules is cancelled with it (https://docs.convex.dev/scheduling/scheduled-functions, "Canceling"). `isIdle`: the
 * caller is a sweep that marked nobody, which is counted.
 */
export async function scheduleNextSweep(
  ctx: MutationCtx,
  state: Doc<'sweepState'> | null,
  {
    lastRunAt,
    grace = state?.grace,
    isIdle = false,
  }: { lastRunAt: number; grace?: Doc<'sweepState'>['grace']; isIdle?: boolean },
): Promise<void> {
  const now = Date.now()
  if (state?.pending && state.nextRunAt !== null && state.nextRunAt > now) {
    await ctx.scheduler.cancel(state.pending)
  }
  const { staleThresholdMs } = await readTimes(ctx)
  const deadlines = (await staleGroups(ctx, staleThresholdMs, grace)).map(deadlineOf)
  let next: Pick<Doc<'sweepState'>, 'nextRunAt' | 'pending'> = { nextRunAt: null, pending: null }
  if (deadlines.length > 0) {
    const nextRunAt = Math.max(now + SOONEST_MS, Math.min(...deadlines) + MARGIN_MS)
    const pending = await ctx.scheduler.runAt(nextRunAt, internal.cleanupTasks.detectStaleWorkers, {})
    next = { nextRunAt, pending }
  }
  const idleRuns = (state?.idleRuns ?? 0) + Number(isIdle)
  const written = { lastRunAt, ...next, ...(grace && { grace }), idleRuns }
  if (state) await ctx.db.replace('sweepState', state._id, written)
  else await ctx.db.insert('sweepState', written)
}
