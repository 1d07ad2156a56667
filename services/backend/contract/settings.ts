import { limits } from './limits'
import { HOUR, MINUTE, SECOND } from './time'
import type { Settings } from './words'

/** A setting that is a time, in milliseconds. */
export type TimeSetting = Exclude<keyof Settings, 'isSignUpOpen'>

/** The founding document's times; a deployment is closed to strangers. */
export const defaultSettings: Settings = {
  heartbeatIntervalMs: 30 * SECOND,
  staleThresholdMs: 90 * SECOND,
  shutdownTimeoutMs: 10 * SECOND,
  isSignUpOpen: false,
  requestTimeoutMs: 10 * MINUTE,
}

/** The least and the most that each time may be, in milliseconds. */
export const settingRanges: Record<TimeSetting, { least: number; most: number }> = {
  heartbeatIntervalMs: { least: 100, most: HOUR },
  staleThresholdMs: { least: 100, most: HOUR },
  shutdownTimeoutMs: { least: SECOND / 2, most: limits.drainMs },
  requestTimeoutMs: { least: 100, most: HOUR },
}

export const timeSettings = Object.keys(settingRanges) as TimeSetting[]

/** A heartbeat that is late, or one that gets lost, is no death. */
export const BEATS_PER_STALE = 2

/** A rule that is broken, and at which setting that is to be said. */
export interface SettingFault {
  setting: TimeSetting
  rule: 'range' | 'twiceHeartbeat'
}

/** Every rule that these settings break, one at most for each setting; none for settings that may be. */
export function settingFaults(settings: Settings): SettingFault[] {
  const faults: SettingFault[] = timeSettings
    .filter((setting) => !isWithin(settings[setting], settingRanges[setting]))
    .map((setting) => ({ setting, rule: 'range' }))
  const { heartbeatIntervalMs, staleThresholdMs } = settings
  const isJudged = faults.some(({ setting }) => /^(heartbeat|stale)/.test(setting))
  if (!isJudged && staleThresholdMs < BEATS_PER_STALE * heartbeatIntervalMs) {
    faults.push({ setting: 'staleThresholdMs', rule: 'twiceHeartbeat' })
  }
  return faults
}

function isWithin(ms: number, { least, most }: { least: number; most: number }): boolean {
  return Number.isSafeInteger(ms) && ms >= least && ms <= most
}
