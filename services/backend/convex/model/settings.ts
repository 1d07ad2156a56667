/** What the deployment is set to, and what the workers of a machine keep to. They are changed in `settingsChange.ts`. */
import {
  BEATS_PER_STALE,
  defaultSettings,
  settingFaults,
  settingRanges,
  type SettingFault,
  type SettingKind,
} from '../../contract/settings'
import type { Settings } from '../../contract/words'
import type { Id } from '../_generated/dataModel'
import type { QueryCtx } from '../_generated/server'
import { refusal } from './errors'

/** What workers keep to, in milliseconds. */
export type Times = Pick<Settings, 'heartbeatIntervalMs' | 'staleThresholdMs' | 'shutdownTimeoutMs'>

export async function readSettings(ctx: QueryCtx): Promise<Settings> {
  const stored = await ctx.db.query('settings').first()
  if (stored === null) return defaultSettings
  const { _id, _creationTime, ...settings } = stored
  return { ...defaultSettings, ...settings }
}

/** The times of the deployment. */
export async function readTimes(ctx: QueryCtx): Promise<Times> {
  const { heartbeatIntervalMs, staleThresholdMs, shutdownTimeoutMs } = await readSettings(ctx)
  return { heartbeatIntervalMs, staleThresholdMs, shutdownTimeoutMs }
}

/** What running workers of a machine keep to. Those of one that was removed meanwhile: to the deployment's times. */
export async function readTimesOf(ctx: QueryCtx, machineId: Id<'machines'>): Promise<Times> {
  const machine = await ctx.db.get('machines', machineId)
  return { ...(await readTimes(ctx)), ...machine?.overrides }
}

/** Throws `SETTINGS_INVALID`, naming the rule that is broken. */
export function assertSettings(settings: Settings): void {
  const [fault] = settingFaults(settings)
  if (fault) throw refusal('SETTINGS_INVALID', sentenceFor(fault, settings))
}

const wordsOfKind: Record<SettingKind, string> = {
  time: ' of milliseconds',
  count: '',
  percent: ' of percent',
}

function sentenceFor({ setting, rule }: SettingFault, settings: Settings): string {
  switch (rule) {
    case 'range': {
      const { kind, least, most } = settingRanges[setting]
      return `${setting} must be a whole number${wordsOfKind[kind]} from ${least} to ${most}.`
    }
    case 'twiceHeartbeat': {
      const least = BEATS_PER_STALE * settings.heartbeatIntervalMs
      return `staleThresholdMs must be at least twice heartbeatIntervalMs, so ${least} or more.`
    }
    default:
      return rule satisfies never
  }
}
