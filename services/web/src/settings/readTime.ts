import {
  BEATS_PER_STALE,
  defaultSettings,
  formatDuration,
  settingRanges,
  type SettingFault,
  type Settings,
  type TimeSetting,
} from '@rollcall/backend/contract'
import { settingWords, unitMs } from './settingWords'

/** A time in ms as it is typed in the setting's unit: `30`, `0.5`. Exact to the millisecond. */
export function amountOf(setting: TimeSetting, ms: number): string {
  return String(Number((ms / unitMs[settingWords[setting].unit]).toFixed(5)))
}

/** The time in ms that was typed, a whole number; undefined if it is no number. */
export function readTime(setting: TimeSetting, typed: string): number | undefined {
  const text = typed.trim()
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined
  return Math.round(Number(text) * unitMs[settingWords[setting].unit])
}

/** What to type where there is no number. */
export function unreadableWords(setting: TimeSetting): string {
  const example = amountOf(setting, defaultSettings[setting])
  return `Type a number of ${settingWords[setting].unit}, such as ${example}.`
}

/** Which rule is broken, beside the field that breaks it. */
export function faultWords({ setting, rule }: SettingFault, { heartbeatIntervalMs }: Settings): string {
  switch (rule) {
    case 'range': {
      const { least, most } = settingRanges[setting]
      return `From ${formatDuration(least)} to ${formatDuration(most)}.`
    }
    case 'twiceHeartbeat':
      return `At least twice the heartbeat interval: ${formatDuration(BEATS_PER_STALE * heartbeatIntervalMs)} or more.`
    default:
      return rule satisfies never
  }
}
