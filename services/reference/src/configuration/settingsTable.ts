import {
  defaultSettings,
  formatRange,
  formatSetting,
  overridableSettings,
  type Settings,
} from '@rollcall/backend/contract'
import { settingMeanings } from '@rollcall/cli/settings'
import { code, table } from '../markdown/table'

/** What a deployment is set to. */
export function settingsTable(): string {
  const own: readonly string[] = overridableSettings
  return table(
    ['setting', 'what it is', 'from … to', 'default', 'a machine’s own'],
    (Object.keys(settingMeanings) as (keyof Settings)[]).map((name) => [
      code(name),
      settingMeanings[name],
      name === 'isSignUpOpen' ? 'true or false' : formatRange(name),
      name === 'isSignUpOpen' ? String(defaultSettings[name]) : formatSetting(name, defaultSettings[name]),
      own.includes(name) ? 'yes' : '',
    ]),
  )
}
