import { defaultSettings, formatRange, formatSetting, type Settings } from '@rollcall/backend/contract'

/** What each setting is for, in a few words. */
export const settingMeanings: Record<keyof Settings, string> = {
  heartbeatIntervalMs: 'how often a worker says that it is alive',
  staleThresholdMs: 'a worker that is silent for longer is lost; at least twice the heartbeat interval',
  shutdownTimeoutMs: 'how long a worker may take to drain; a machine’s owner can set another on the page',
  isSignUpOpen: 'whether anybody may make an account, or it takes an invitation',
  requestTimeoutMs: 'how long a question waits for a person before it is refused',
  unstableFailures: 'a worker that crashes or is lost so many times within an hour is unstable: an alert',
  alertCrashesPerHour: 'an alert when so many workers crash within an hour; 0: never',
  alertTimeoutsPerHour:
    'an alert when so many are ended for hanging or while draining, within an hour; 0: never',
  alertGracefulPercent: 'an alert when a smaller share of an hour’s ends was graceful; 0: never',
  alertLostPercent: 'an alert when so large a share of the fleet has crashed or was lost; 0: never',
  eventRetentionMs: 'how long what became of workers is kept',
  chatRetentionMs: 'how long a chat is kept after the last word in it',
  alertRetentionMs: 'how long an alert is kept',
}

const names = Object.keys(settingMeanings) as (keyof Settings)[]
const width = Math.max(...names.map(({ length }) => length))

/** A line for each setting, for a terminal: name, value, and its default where that is another. */
export function renderSettings(settings: Settings): string {
  return names
    .map((name) => {
      const [value, usual] = [written(name, settings), written(name, defaultSettings)]
      return `${name.padEnd(width)}  ${value}${value === usual ? '' : `  (default: ${usual})`}`
    })
    .join('\n')
}

/** What settings there are, what they may be and are by default: for `--help`. */
export function settingsHelp(): string {
  const lines = names.map((name) => {
    const range = name === 'isSignUpOpen' ? 'true or false' : formatRange(name)
    return `  ${name.padEnd(width)}  ${settingMeanings[name]}\n  ${' '.repeat(width)}  (${range}; default: ${written(name, defaultSettings)})`
  })
  return `
Settings:
${lines.join('\n')}

Times are milliseconds, or have a unit: 1500ms, 30s, 2min, 1h, 90d. Percentages: 95 or 95%. Running workers follow a change without
a restart.`
}

function written(name: keyof Settings, settings: Settings): string {
  return name === 'isSignUpOpen' ? String(settings[name]) : formatSetting(name, settings[name])
}
