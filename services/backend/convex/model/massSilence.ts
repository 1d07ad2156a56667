import type { MutationCtx } from '../_generated/server'
import { countAliveIn, staleIn, type StaleGroup } from './staleGroups'

/** A fleet smaller than this has no majority worth the name. */
const SMALLEST_FLEET = 10

/** How many workers of each kind are counted at most; a fleet with more alive ones than this is not failing as a whole. */
const COUNTED = 5_000

interface Silence {
  now: number
  /** How many stale workers the sweep has in hand that were heard from at `since` or later, and whether there may be more. */
  found: number
  areMore: boolean
  /** When the last grace ended, 0 before the first: who was silent before has had it and does not count. */
  since: number
}

/**
 * Whether over half of ten or more online workers have fallen silent, each for longer than its own threshold: then a network or a
 * backend fails, not half the fleet. Only if there may be more than are in hand are the silent ones counted.
 */
export async function isMassSilence(
  ctx: MutationCtx,
  groups: StaleGroup[],
  { now, found, areMore, since }: Silence,
): Promise<boolean> {
  let silent = found
  if (areMore) {
    silent = 0
    for (const group of groups) {
      silent += (await staleIn(ctx, group, { now, since, atMost: COUNTED - silent })).length
    }
  }
  if (silent === 0) return false
  let alive = 0
  for (const group of groups) alive += await countAliveIn(ctx, group, { now, atMost: silent - alive })
  return silent + alive >= SMALLEST_FLEET && alive < silent
}
