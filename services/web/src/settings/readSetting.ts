import {
  BEATS_PER_STALE,
  defaultSettings,
  formatDuration,
  formatRange,
  settingRanges,
  type NumberSetting,
  type SettingFault,
  type Settings,
} from '@rollcall/backend/contract'
import { settingWords, unitSizes } from './settingWords'

/** A number as it is typed in the setting's unit: `30`, `0.5`. A time is exact to the millisecond. */
export function amountOf(setting: NumberSetting, value: number): string {
  const size = sizeOf(setting)
  return String(Number((value / size).toFixed(Math.ceil(Math.log10(size)))))
}

/** The number that was typed, a time in ms; a whole number, or undefined if it is none. */
export function readSetting(setting: NumberSetting, typed: string): number | undefined {
  const text = settingWords[setting].unit === 'percent' ? typed.replace(/%\s*$/, '').trim() : typed.trim()
  if (!(isTime(setting) ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text)) return undefined
  return Math.round(Number(text) * sizeOf(setting))
}

/** What to type where there is no number. */
export function unreadableWords(setting: NumberSetting): string {
  const { unit } = settingWords[setting]
  const what = isTime(setting) ? 'a number' : 'a whole number'
  const ofUnit = unit === undefined ? '' : ` of ${unit}`
  return `Type ${what}${ofUnit}, such as ${amountOf(setting, defaultSettings[setting])}.`
}

/** Which rule is broken, beside the field that breaks it. */
export function faultWords({ setting, rule }: SettingFault, { heartbeatIntervalMs }: Settings): string {
  switch (rule) {
    case 'range':
      return `From ${formatRange(setting)}.`
    case 'twiceHeartbeat':
      return `At least twice the heartbeat interval: ${formatDuration(BEATS_PER_STALE * heartbeatIntervalMs)} or more.`
    default:
      return rule satisfies never
  }
}

function isTime(setting: NumberSetting): boolean {
  return settingRanges[setting].kind === 'time'
}

function sizeOf(setting: NumberSetting): number {
  const { unit } = settingWords[setting]
  return unit === undefined ? 1 : unitSizes[unit]
}
