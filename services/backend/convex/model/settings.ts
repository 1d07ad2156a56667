import { MINUTE, SECOND } from '../../contract/time'
import type { Doc } from '../_generated/dataModel'
import type { QueryCtx } from '../_generated/server'
import { refusal } from './errors'

export type Settings = Required<Omit<Doc<'settings'>, '_id' | '_creationTime'>>

/** Milliseconds. */
export type Times = Omit<Settings, 'isSignUpOpen' | 'requestTimeoutMs'>

/** The founding document's times; a deployment is closed to strangers. */
export const defaultSettings: Settings = {
  heartbeatIntervalMs: 30 * SECOND,
  staleThresholdMs: 90 * SECOND,
  shutdownTimeoutMs: 10 * SECOND,
  isSignUpOpen: false,
  requestTimeoutMs: 10 * MINUTE,
}

export async function readSettings(ctx: QueryCtx): Promise<Settings> {
  const stored = await ctx.db.query('settings').first()
  if (stored === null) return defaultSettings
  const { _id, _creationTime, ...settings } = stored
  return { ...defaultSettings, ...settings }
}

/** What running workers keep to. */
export async function readTimes(ctx: QueryCtx): Promise<Times> {
  const { isSignUpOpen, requestTimeoutMs, ...times } = await readSettings(ctx)
  return times
}

/** Throws `SETTINGS_INVALID`, naming the rule that is broken. */
export function assertSettings({ isSignUpOpen, ...times }: Settings): void {
  for (const [name, value] of Object.entries(times)) {
    if (!Number.isInteger(value) || value < 100 || value > 60 * MINUTE) {
      throw refusal('SETTINGS_INVALID', `${name} must be a whole number of milliseconds from 100 to 3600000.`)
    }
  }
  if (times.staleThresholdMs < 2 * times.heartbeatIntervalMs) {
    throw refusal('SETTINGS_INVALID', 'staleThresholdMs must be at least twice heartbeatIntervalMs.')
  }
}
