/** How long a worker was there. Owns: `uptimeDays`, one document read and written with each transition, whatever went before. */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import { DAY, HALF_HOUR } from '../../contract/time'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import type { latency, offlineReason, uptimeState } from './validators'

type State = Infer<typeof uptimeState>
type Reason = Infer<typeof offlineReason>
type Day = Omit<Doc<'uptimeDays'>, '_id' | '_creationTime'>
/** How a worker went offline at `at`. `noticedAfterMs`: how long its death was known to nobody but its supervisor. */
export interface End {
  at: number
  reason: Reason
  lastHeartbeatAt: number
  noticedAfterMs?: number | undefined
}
type Reached = Pick<Day, 'spent' | 'until' | 'state'>

/** Deleted with each day that is begun: so many of those that are too old to be shown. */
const DELETED = 3

const stateAfter: Record<Reason, State> = {
  shutdown: 'stopped',
  superseded: 'stopped',
  revoked: 'stopped',
  crashed: 'crashed',
  stale: 'lost',
}

/** The worker came online at `at`. */
export async function recordOnline(ctx: MutationCtx, workerId: Id<'workers'>, at: number): Promise<void> {
  await changeDay(ctx, workerId, at, (day) => ({ ...day, ...reach(day, at), state: 'online' }))
}

/** The worker went offline. One that fell silent was lost from its last heartbeat on, as far as that is of this day. */
export async function recordOffline(ctx: MutationCtx, workerId: Id<'workers'>, end: End): Promise<void> {
  const { at, reason, lastHeartbeatAt } = end
  const state = stateAfter[reason]
  const ms = detectionMs(end)
  const isMeasured = (reason === 'stale' || reason === 'crashed') && ms !== undefined
  await changeDay(ctx, workerId, at, (day) => {
    const known = reach(day, reason === 'stale' ? Math.min(lastHeartbeatAt, at) : at)
    const { ends, noticed } = day
    return {
      ...day,
      ...reach({ ...known, state }, at),
      ends: { ...ends, [reason]: ends[reason] + 1 },
      noticed: isMeasured ? { ...noticed, [reason]: withOne(noticed[reason], ms) } : noticed,
    }
  })
}

/** From a worker's death to the backend's knowing, as far as it was measured; for a loss, from the last heartbeat. */
export function detectionMs({ at, reason, lastHeartbeatAt, noticedAfterMs }: End): number | undefined {
  if (reason === 'stale') return at - lastHeartbeatAt
  return reason === 'crashed' ? noticedAfterMs : undefined
}

/** The days from `fromDay` (days since 1970, UTC) on that had a transition, and the last one before; the newest first. */
export async function daysSince(ctx: QueryCtx, workerId: Id<'workers'>, fromDay: number): Promise<Day[]> {
  const days = await ctx.db
    .query('uptimeDays')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId).gte('day', fromDay))
    .order('desc')
    .take(limits.uptimeDays + 1)
  const before = await ctx.db
    .query('uptimeDays')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId).lt('day', fromDay))
    .order('desc')
    .first()
  return before ? [...days, before] : days
}

/** Writes the day of `at`, as `change` has it; a new day begins with what the worker was at midnight. */
async function changeDay(
  ctx: MutationCtx,
  workerId: Id<'workers'>,
  at: number,
  change: (day: Day) => Day,
): Promise<void> {
  const newest = await ctx.db
    .query('uptimeDays')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .order('desc')
    .first()
  const today = Math.floor(at / DAY)
  if (newest && newest.day >= today) {
    const { _id, _creationTime: _, ...day } = newest
    await ctx.db.replace('uptimeDays', _id, change(day))
    return
  }
  await deleteOld(ctx, workerId, today)
  const before = newest
    ? { until: today * DAY, state: newest.state }
    : { until: at, state: 'stopped' as const }
  await ctx.db.insert('uptimeDays', change({ workerId, day: today, ...before, ...emptyDay() }))
}

function emptyDay(): Pick<Day, 'spent' | 'ends' | 'noticed'> {
  const none = Array.from({ length: DAY / HALF_HOUR }, () => 0)
  return {
    spent: { online: none, crashed: none, lost: none, stopped: none },
    ends: { shutdown: 0, crashed: 0, stale: 0, superseded: 0, revoked: 0 },
    noticed: {},
  }
}

/** What is older than the longest bar; its newest one stays, for it says what the worker was when the bar begins. */
async function deleteOld(ctx: MutationCtx, workerId: Id<'workers'>, today: number): Promise<void> {
  const old = await ctx.db
    .query('uptimeDays')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId).lt('day', today - limits.uptimeDays))
    .take(DELETED + 1)
  for (const { _id } of old.slice(0, -1)) await ctx.db.delete('uptimeDays', _id)
}

/** The day with the time up to `at` spent in its present state. */
function reach({ spent, until, state }: Reached, at: number): Reached {
  const halfHours = [...spent[state]]
  for (let from = until; from < at;) {
    const to = Math.min(at, from - (from % HALF_HOUR) + HALF_HOUR)
    const index = Math.floor((from % DAY) / HALF_HOUR)
    halfHours[index] = (halfHours[index] ?? 0) + to - from
    from = to
  }
  return { spent: { ...spent, [state]: halfHours }, until: Math.max(until, at), state }
}

function withOne(known: Infer<typeof latency> | undefined, ms: number): Infer<typeof latency> {
  const { count = 0, totalMs = 0, longestMs = 0 } = known ?? {}
  return { count: count + 1, totalMs: totalMs + ms, longestMs: Math.max(longestMs, ms) }
}
