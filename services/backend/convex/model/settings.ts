import { MINUTE, SECOND } from '../../contract/time'
import type { Doc } from '../_generated/dataModel'
import type { QueryCtx } from '../_generated/server'
import { refusal } from './errors'

export type Settings = Omit<Doc<'settings'>, '_id' | '_creationTime'>

/** The founding document's times. */
export const defaultSettings: Settings = {
  heartbeatIntervalMs: 30 * SECOND,
  staleThresholdMs: 90 * SECOND,
  shutdownTimeoutMs: 10 * SECOND,
}

export async function readSettings(ctx: QueryCtx): Promise<Settings> {
  const stored = await ctx.db.query('settings').first()
  if (stored === null) return defaultSettings
  const { heartbeatIntervalMs, staleThresholdMs, shutdownTimeoutMs } = stored
  return { heartbeatIntervalMs, staleThresholdMs, shutdownTimeoutMs }
}

/** Throws `SETTINGS_INVALID`, naming the rule that is broken. */
export function assertSettings(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!Number.isInteger(value) || value < 100 || value > 60 * MINUTE) {
      throw refusal('SETTINGS_INVALID', `${name} must be a whole number of milliseconds from 100 to 3600000.`)
    }
  }
  if (settings.staleThresholdMs < 2 * settings.heartbeatIntervalMs) {
    throw refusal('SETTINGS_INVALID', 'staleThresholdMs must be at least twice heartbeatIntervalMs.')
  }
}
