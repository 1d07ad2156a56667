import { defaultSettings, formatDuration, settingRanges, type Settings } from '@rollcall/backend/contract'

const meanings: Record<keyof Settings, string> = {
  heartbeatIntervalMs: 'how often a worker says that it is alive',
  staleThresholdMs: 'a worker that is silent for longer is lost; at least twice the heartbeat interval',
  shutdownTimeoutMs: 'how long a worker may take to drain; a machine’s owner can set another on the page',
  isSignUpOpen: 'whether anybody may make an account, or it takes an invitation',
  requestTimeoutMs: 'how long a question waits for a person before it is refused',
}

const names = Object.keys(meanings) as (keyof Settings)[]
const width = Math.max(...names.map(({ length }) => length))

/** A line for each setting, for a terminal: name, value, and its default where that is another. */
export function renderSettings(settings: Settings): string {
  return names
    .map((name) => {
      const [value, usual] = [written(settings[name]), written(defaultSettings[name])]
      return `${name.padEnd(width)}  ${value}${value === usual ? '' : `  (default: ${usual})`}`
    })
    .join('\n')
}

/** What settings there are, what they may be and are by default: for `--help`. */
export function settingsHelp(): string {
  const lines = names.map((name) => {
    const range = name === 'isSignUpOpen' ? 'true or false' : between(settingRanges[name])
    return `  ${name.padEnd(width)}  ${meanings[name]}\n  ${' '.repeat(width)}  (${range}; default: ${written(defaultSettings[name])})`
  })
  return `
Settings:
${lines.join('\n')}

Times are milliseconds, or have a unit: 1500ms, 30s, 2min, 1h. Running workers follow a change without a restart.`
}

function written(value: number | boolean): string {
  return typeof value === 'number' ? formatDuration(value) : String(value)
}

function between({ least, most }: { least: number; most: number }): string {
  return `${formatDuration(least)} to ${formatDuration(most)}`
}
