import { DAY, SECOND } from '@rollcall/backend/contract'
import { durationWords } from '../presence/timeWords'
import { lastMonth, lengthOf } from './periods'
import type { UptimeDay } from './stepsOf'

type Latency = NonNullable<UptimeDay['noticed']['crashed']>

/** What is known of the ends of a worker's runs: a term and its value in words. */
export type Figure = readonly [term: string, value: string]

/** How the worker's runs ended in the last 30 days (UTC), today included; nothing if none did. `now` in ms since 1970. */
export function figuresOf(days: readonly UptimeDay[], now: number): Figure[] {
  const first = Math.floor(now / DAY) - lengthOf(lastMonth) / DAY + 1
  const recent = days.filter(({ day }) => day >= first)
  const count = (reason: 'shutdown' | 'crashed' | 'stale') =>
    recent.reduce((sum, { ends }) => sum + ends[reason], 0)
  const [clean, crashes, losses] = [count('shutdown'), count('crashed'), count('stale')]
  const all = clean + crashes + losses
  if (all === 0) return []
  const crashesNoticed = together(recent.map(({ noticed }) => noticed.crashed))
  const lossesNoticed = together(recent.map(({ noticed }) => noticed.stale))
  return [
    ['Clean stops', `${clean} of ${all} (${Math.floor((clean / all) * 100)}\u00a0%)`],
    ['Crashes', [String(crashes), ...latencyWords(crashesNoticed, '')].join(', ')],
    ['Losses', [String(losses), ...latencyWords(lossesNoticed, ' the last heartbeat')].join(', ')],
  ]
}

function together(known: readonly (Latency | undefined)[]): Latency {
  const sum = { count: 0, totalMs: 0, longestMs: 0 }
  for (const latency of known) {
    if (latency === undefined) continue
    sum.count += latency.count
    sum.totalMs += latency.totalMs
    sum.longestMs = Math.max(sum.longestMs, latency.longestMs)
  }
  return sum
}

/** `noticed 0.1 s after on average, 0.3 s at the longest`; nothing if it was never measured. */
function latencyWords({ count, totalMs, longestMs }: Latency, what: string): string[] {
  if (count === 0) return []
  const average = secondsWords(totalMs / count)
  const longest = secondsWords(longestMs)
  const noticed = what === '' ? `noticed after ${average}` : `noticed ${average} after${what}`
  if (average === longest) return [noticed]
  return [`${noticed} on average`, `${longest} at the longest`]
}

/** Seconds also beyond a minute: what is promised is said in seconds. Rounded down, but never to nothing. */
function secondsWords(ms: number): string {
  if (ms < 100) return `${Math.max(1, Math.floor(ms))} ms`
  return ms < 120 * SECOND && ms >= 60 * SECOND ? `${Math.floor(ms / SECOND)} s` : durationWords(ms)
}
