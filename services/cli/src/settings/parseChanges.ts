import {
  defaultSettings,
  formatSetting,
  parseDuration,
  settingRanges,
  type NumberSetting,
  type SettingKind,
  type Settings,
} from '@rollcall/backend/contract'
import { UsageError } from '../errors'

/** Settings as typed: `heartbeatIntervalMs=10s isSignUpOpen=true`. Throws `UsageError` with one line per mistake. */
export function parseChanges(typed: readonly string[]): Partial<Settings> {
  const changes: Partial<Settings> = {}
  const mistakes = typed.flatMap((one) => {
    const [name, ...value] = one.split('=')
    const mistake = take(changes, name ?? '', value.length === 0 ? undefined : value.join('='))
    return mistake === undefined ? [] : [mistake]
  })
  const [first, ...rest] = mistakes
  if (first !== undefined) throw new UsageError([first, ...rest])
  return changes
}

/** Adds one of them to `changes`, or answers what is wrong with it. */
function take(changes: Partial<Settings>, name: string, value: string | undefined): string | undefined {
  if (!isSetting(name)) {
    return `There is no setting “${name}”. There are ${Object.keys(defaultSettings).join(', ')}.`
  }
  if (changes[name] !== undefined) return `${name} is given twice.`
  if (name === 'isSignUpOpen') {
    if (value !== 'true' && value !== 'false') return `${name} must be true or false: ${name}=true`
    changes[name] = value === 'true'
    return undefined
  }
  return takeNumber(changes, name, value ?? '')
}

function takeNumber(changes: Partial<Settings>, name: NumberSetting, value: string): string | undefined {
  const { parse, words } = readers[settingRanges[name].kind]
  const number = parse(value)
  const example = formatSetting(name, defaultSettings[name]).replace(' ', '')
  if (number === undefined) return `${name} must be ${words(defaultSettings[name])}: ${name}=${example}`
  changes[name] = number
  return undefined
}

interface Reader {
  parse: (text: string) => number | undefined
  /** What it must be, with the default as an example. */
  words: (usual: number) => string
}

const readers: Record<SettingKind, Reader> = {
  time: { parse: parseDuration, words: () => 'a time such as 30s, 2min, 90d or 1500ms' },
  count: { parse: parseWhole, words: (usual) => `a whole number such as ${usual}` },
  percent: {
    parse: (text) => parseWhole(text.replace(/ *%$/, '')),
    words: (usual) => `a whole number of percent such as ${usual} or ${usual}%`,
  },
}

function parseWhole(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(defaultSettings, name)
}
