/**
 * What a machine's workers keep to in place of the deployment's settings. Owns: `overrides` of `machines`, and with it `staleAfterMs`
 * of its workers' `liveness`, which `workers.ts` writes first.
 */
import { limits } from '../../contract/limits'
import { overridableSettings } from '../../contract/overrides'
import { BEATS_PER_STALE } from '../../contract/settings'
import type { MachineOverrides, Settings } from '../../contract/words'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { livenessOf } from './access'
import { audit } from './audit'
import { refusal } from './errors'
import { assertSettings, readSettings } from './settings'
import { rescheduleSweep } from './sweepSchedule'
import { workersOf } from './workers'

/**
 * What a machine's workers keep to from now on: all that is given, nothing that was set before. Told in its owner's trail, who does
 * it, unless nothing is different. Throws `SETTINGS_INVALID`.
 */
export async function setOverrides(
  ctx: MutationCtx,
  { _id, name, ownerId, overrides: from = {} }: Doc<'machines'>,
  to: MachineOverrides,
): Promise<void> {
  assertSettings({ ...(await readSettings(ctx)), ...to })
  const changed = overridableSettings.filter((setting) => from[setting] !== to[setting])
  if (changed.length === 0) return
  await ctx.db.patch('machines', _id, { overrides: Object.keys(to).length === 0 ? undefined : to })
  if (changed.includes('staleThresholdMs')) await followThreshold(ctx, _id, to.staleThresholdMs)
  const only = (overrides: MachineOverrides): MachineOverrides =>
    Object.fromEntries(changed.map((setting) => [setting, overrides[setting]]))
  await audit(ctx, ownerId, ownerId, {
    kind: 'overridesSet',
    machine: name,
    from: only(from),
    to: only(to),
  })
}

/** Has the machine's workers judged by the threshold that was just written, and the next sweep come for it. */
async function followThreshold(
  ctx: MutationCtx,
  machineId: Id<'machines'>,
  staleAfterMs: number | undefined,
): Promise<void> {
  if (staleAfterMs !== undefined) await assertFewThresholds(ctx)
  for (const { _id } of await workersOf(ctx, machineId)) {
    await ctx.db.patch('liveness', (await livenessOf(ctx, _id))._id, { staleAfterMs })
  }
  await rescheduleSweep(ctx)
}

/** Each is a group of its own to every sweep. */
async function assertFewThresholds(ctx: QueryCtx): Promise<void> {
  let last = await thresholdAbove(ctx, 0)
  for (let count = 1; last !== undefined; count += 1) {
    if (count > limits.staleThresholds) {
      const most = `${limits.staleThresholds} different values of staleThresholdMs`
      throw refusal('SETTINGS_INVALID', `All machines together may have ${most}, and they have them already.`)
    }
    last = await thresholdAbove(ctx, last)
  }
}

/** Throws `SETTINGS_INVALID` if beats would come too seldom for what a machine has of its own. */
export async function assertFitOverrides(ctx: QueryCtx, { heartbeatIntervalMs }: Settings): Promise<void> {
  const least = await thresholdAbove(ctx, 0)
  if (least === undefined || least >= BEATS_PER_STALE * heartbeatIntervalMs) return
  const most = Math.floor(least / BEATS_PER_STALE)
  const rule = `heartbeatIntervalMs must be at most half of every machine's own staleThresholdMs`
  throw refusal('SETTINGS_INVALID', `${rule}, of which the least is ${least}, so ${most} or less.`)
}

/** The least stale threshold of machines' own that is greater than this one. */
async function thresholdAbove(ctx: QueryCtx, staleThresholdMs: number): Promise<number | undefined> {
  const machine = await ctx.db
    .query('machines')
    .withIndex('by_stale_threshold', (q) => q.gt('overrides.staleThresholdMs', staleThresholdMs))
    .first()
  return machine?.overrides?.staleThresholdMs
}
