import type { MutationCtx } from '../_generated/server'

/** A fleet smaller than this has no majority worth the name. */
const SMALLEST_FLEET = 10

/** How many workers of each kind are counted at most; a fleet with more alive ones than this is not failing as a whole. */
const COUNTED = 5_000

/**
 * Whether over half of ten or more online workers are silent since `cutoff`: then a network or a backend fails, not half
 * the fleet. The sweep has `found` of the silent ones in hand; only if there may be more of them are they counted.
 */
export async function isMassSilence(
  ctx: MutationCtx,
  { found, areMore, cutoff }: { found: number; areMore: boolean; cutoff: number },
): Promise<boolean> {
  if (found === 0) return false
  const silent = areMore ? await count(ctx, 'silent', cutoff, COUNTED) : found
  const alive = await count(ctx, 'alive', cutoff, silent)
  return silent + alive >= SMALLEST_FLEET && alive < silent
}

async function count(
  ctx: MutationCtx,
  which: 'silent' | 'alive',
  cutoff: number,
  atMost: number,
): Promise<number> {
  const rows = await ctx.db
    .query('liveness')
    .withIndex('by_online_and_heartbeat', (q) =>
      which === 'silent'
        ? q.eq('online', true).lt('lastHeartbeatAt', cutoff)
        : q.eq('online', true).gte('lastHeartbeatAt', cutoff),
    )
    .take(atMost)
  return rows.length
}
