/** Changes of the deployment's settings. Owns: `settings`. What a machine has of its own is in `overrides.ts`. */
import type { Settings } from '../../contract/words'
import type { Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { audit, type AT_THE_TERMINAL } from './audit'
import { administrators } from './membership'
import { assertFitOverrides } from './overrides'
import { assertSettings, readSettings } from './settings'
import { rescheduleSweep } from './sweepSchedule'

/**
 * Changes what is given and keeps the rest, validated together; running workers follow by `workers.self`. Told in the trail of
 * everybody who administers the deployment, unless nothing is different. Answers the settings after it. Throws `SETTINGS_INVALID`.
 */
export async function changeSettings(
  ctx: MutationCtx,
  by: Id<'users'> | typeof AT_THE_TERMINAL,
  wanted: Partial<Settings>,
): Promise<Settings> {
  const before = await readSettings(ctx)
  const next = { ...before, ...wanted }
  assertSettings(next)
  await assertFitOverrides(ctx, next)
  const change = difference(before, next)
  if (change === undefined) return next
  const stored = await ctx.db.query('settings').first()
  if (stored) await ctx.db.replace('settings', stored._id, next)
  else await ctx.db.insert('settings', next)
  for (const { _id } of await administrators(ctx)) {
    await audit(ctx, _id, by, { kind: 'settingsChanged', ...change })
  }
  await rescheduleSweep(ctx)
  return next
}

/** What two settings differ in, before and after; undefined for nothing. */
function difference(
  before: Settings,
  after: Settings,
): { from: Partial<Settings>; to: Partial<Settings> } | undefined {
  const names = (Object.keys(after) as (keyof Settings)[]).filter((name) => before[name] !== after[name])
  if (names.length === 0) return undefined
  const only = (settings: Settings): Partial<Settings> =>
    Object.fromEntries(names.map((name) => [name, settings[name]]))
  return { from: only(before), to: only(after) }
}
