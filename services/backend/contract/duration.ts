import { DAY, HOUR, MINUTE, SECOND } from './time'

/** The largest first. */
const units = [
  ['d', DAY],
  ['h', HOUR],
  ['min', MINUTE],
  ['s', SECOND],
  ['ms', 1],
] as const

/** Milliseconds, from `30s`, `2min`, `1h`, `90d`, `1500ms`, `0.5 s`, or a plain number of milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?) *(d|h|min|s|ms)?$/.exec(text.trim()) ?? []
  const [, factor] = units.find(([name]) => name === unit) ?? []
  if (amount === undefined || factor === undefined) return undefined
  const ms = Number((Number(amount) * factor).toFixed(6))
  return Number.isSafeInteger(ms) ? ms : undefined
}

/** Exactly, in the largest unit that leaves nothing over: `90 s`, `10 min`, `1 h`, `90 d`, `1500 ms`. */
export function formatDuration(ms: number): string {
  const [name, factor] = units.find(([, factor]) => ms >= factor && ms % factor === 0) ?? ['ms', 1]
  return `${ms / factor} ${name}`
}
