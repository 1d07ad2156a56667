import { defaultSettings, parseDuration, type Settings } from '@rollcall/backend/contract'
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
  const ms = parseDuration(value ?? '')
  if (ms === undefined) return `${name} must be a time such as 30s, 2min or 1500ms: ${name}=30s`
  changes[name] = ms
  return undefined
}

function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(defaultSettings, name)
}
