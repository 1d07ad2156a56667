import { formatDuration } from './duration'
import { limits } from './limits'
import { DAY, HOUR, MINUTE, SECOND } from './time'
import type { Settings } from './words'

/** A setting that is a number: all but whether strangers may sign up. */
export type NumberSetting = Exclude<keyof Settings, 'isSignUpOpen'>

/** What a number is of: milliseconds, things, or hundredths of all of them. */
export type SettingKind = 'time' | 'count' | 'percent'

export interface SettingRange {
  kind: SettingKind
  least: number
  most: number
}

/** The founding document's times; a deployment is closed to strangers. */
export const defaultSettings: Settings = {
  heartbeatIntervalMs: 30 * SECOND,
  staleThresholdMs: 90 * SECOND,
  shutdownTimeoutMs: 10 * SECOND,
  isSignUpOpen: false,
  requestTimeoutMs: 10 * MINUTE,
  unstableFailures: 5,
  alertCrashesPerHour: 10,
  alertTimeoutsPerHour: 1,
  alertGracefulPercent: 95,
  alertLostPercent: 20,
  eventRetentionMs: 90 * DAY,
  chatRetentionMs: 365 * DAY,
  alertRetentionMs: 90 * DAY,
}

/** A day at least, so that a mistyped unit does not empty the history; ten years are as good as for ever. */
const retention = { kind: 'time', least: DAY, most: 3_650 * DAY } as const

/** A million is as good as never, and can still be written down. */
const perHour = { kind: 'count', least: 0, most: 1_000_000 } as const

const share = { kind: 'percent', least: 0, most: 100 } as const

/** The least and the most that each number may be. Where the least is 0, 0 switches off what it is the threshold of. */
export const settingRanges = {
  heartbeatIntervalMs: { kind: 'time', least: 100, most: HOUR },
  staleThresholdMs: { kind: 'time', least: 100, most: HOUR },
  shutdownTimeoutMs: { kind: 'time', least: SECOND / 2, most: limits.drainMs },
  requestTimeoutMs: { kind: 'time', least: 100, most: HOUR },
  // One failure alone is no pattern.
  unstableFailures: { kind: 'count', least: 2, most: 20 },
  alertCrashesPerHour: perHour,
  alertTimeoutsPerHour: perHour,
  alertGracefulPercent: share,
  alertLostPercent: share,
  eventRetentionMs: retention,
  chatRetentionMs: retention,
  alertRetentionMs: retention,
} as const satisfies Record<NumberSetting, SettingRange>

export const numberSettings = Object.keys(settingRanges) as NumberSetting[]

/** A heartbeat that is late, or one that gets lost, is no death. */
export const BEATS_PER_STALE = 2

/** A rule that is broken, and at which setting that is to be said. */
export interface SettingFault {
  setting: NumberSetting
  rule: 'range' | 'twiceHeartbeat'
}

/** Every rule that these settings break, one at most for each setting; none for settings that may be. */
export function settingFaults(settings: Settings): SettingFault[] {
  const faults: SettingFault[] = numberSettings
    .filter((setting) => !isWithin(settings[setting], settingRanges[setting]))
    .map((setting) => ({ setting, rule: 'range' }))
  const { heartbeatIntervalMs, staleThresholdMs } = settings
  const isJudged = faults.some(({ setting }) => /^(heartbeat|stale)/.test(setting))
  if (!isJudged && staleThresholdMs < BEATS_PER_STALE * heartbeatIntervalMs) {
    faults.push({ setting: 'staleThresholdMs', rule: 'twiceHeartbeat' })
  }
  return faults
}

function isWithin(value: number, { least, most }: SettingRange): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}

/** Whether 0 switches off what this setting is the threshold of. */
export function isOffAtZero(setting: NumberSetting): boolean {
  return settingRanges[setting].least === 0
}

/** A setting's value for a person: `90 s`, `5`, `95 %`, `0 (off)`. */
export function formatSetting(setting: NumberSetting, value: number): string {
  if (value === 0 && isOffAtZero(setting)) return '0 (off)'
  return formatAmount(settingRanges[setting].kind, value)
}

/** What a setting may be, for a person: `100 ms to 1 h`, `2 to 20`, `0 % to 100 %`. */
export function formatRange(setting: NumberSetting): string {
  const { kind, least, most } = settingRanges[setting]
  return `${formatAmount(kind, least)} to ${formatAmount(kind, most)}`
}

function formatAmount(kind: SettingKind, amount: number): string {
  switch (kind) {
    case 'time':
      return formatDuration(amount)
    case 'count':
      return String(amount)
    case 'percent':
      return `${amount} %`
    default:
      return kind satisfies never
  }
}
