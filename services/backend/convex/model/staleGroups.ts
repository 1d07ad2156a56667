/**
 * How long online workers may be silent. They are judged in groups: those who keep to the deployment's stale threshold, and those of
 * each threshold that machines have of their own, of which there are `limits.staleThresholds` at most. Owns nothing.
 *
 * After a grace is granted nobody is stale before one stale period has passed: the deployment's, or its own if that is longer.
 */
import type { Doc } from '../_generated/dataModel'
import type { QueryCtx } from '../_generated/server'

/** Online workers that have the same threshold; times in milliseconds. */
export interface StaleGroup {
  /** As their liveness documents have it; undefined: they keep to the deployment's. */
  staleAfterMs: number | undefined
  thresholdMs: number
  /** Of the one that was heard from longest ago. */
  oldestHeartbeatAt: number
  /** None of them is stale before: when its grace ends. */
  judgedFrom: number
}

/** Every group that somebody online is in, by a walk that skips from one to the next: reads one document of each. */
export async function staleGroups(
  ctx: QueryCtx,
  deploymentMs: number,
  grace: Doc<'sweepState'>['grace'],
): Promise<StaleGroup[]> {
  const groups: StaleGroup[] = []
  let oldest = await ctx.db
    .query('liveness')
    .withIndex('by_online_and_threshold_and_heartbeat', (q) => q.eq('online', true))
    .first()
  while (oldest !== null) {
    const { staleAfterMs, lastHeartbeatAt } = oldest
    const thresholdMs = staleAfterMs ?? deploymentMs
    groups.push({
      ...{ staleAfterMs, thresholdMs, oldestHeartbeatAt: lastHeartbeatAt },
      judgedFrom: grace ? grace.until + Math.max(0, thresholdMs - deploymentMs) : 0,
    })
    oldest = await firstAbove(ctx, staleAfterMs ?? 0)
  }
  return groups
}

/** No threshold is 0, so that above 0 are all that have one; not every Convex takes a missing value as a lower bound. */
async function firstAbove(ctx: QueryCtx, thresholdMs: number): Promise<Doc<'liveness'> | null> {
  return await ctx.db
    .query('liveness')
    .withIndex('by_online_and_threshold_and_heartbeat', (q) =>
      q.eq('online', true).gt('staleAfterMs', thresholdMs),
    )
    .first()
}

/** The moment after which the first of a group is stale. */
export function deadlineOf({ oldestHeartbeatAt, thresholdMs, judgedFrom }: StaleGroup): number {
  return Math.max(oldestHeartbeatAt + thresholdMs, judgedFrom)
}

/** Workers of a group that are stale at `now`, oldest first, `atMost` so many; with `since` only those heard from then or later. */
export async function staleIn(
  ctx: QueryCtx,
  { staleAfterMs, thresholdMs, judgedFrom }: StaleGroup,
  { now, atMost, since = 0 }: { now: number; atMost: number; since?: number },
): Promise<Doc<'liveness'>[]> {
  if (now < judgedFrom || atMost === 0) return []
  return await ctx.db
    .query('liveness')
    .withIndex('by_online_and_threshold_and_heartbeat', (q) =>
      q
        .eq('online', true)
        .eq('staleAfterMs', staleAfterMs)
        .gte('lastHeartbeatAt', since)
        .lt('lastHeartbeatAt', now - thresholdMs),
    )
    .take(atMost)
}

/** How many of a group were heard from within their threshold, counted up to `atMost`. */
export async function countAliveIn(
  ctx: QueryCtx,
  { staleAfterMs, thresholdMs }: StaleGroup,
  { now, atMost }: { now: number; atMost: number },
): Promise<number> {
  if (atMost === 0) return 0
  const alive = await ctx.db
    .query('liveness')
    .withIndex('by_online_and_threshold_and_heartbeat', (q) =>
      q
        .eq('online', true)
        .eq('staleAfterMs', staleAfterMs)
        .gte('lastHeartbeatAt', now - thresholdMs),
    )
    .take(atMost)
  return alive.length
}
