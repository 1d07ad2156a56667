import type { api } from '@rollcall/backend/api'
import { DAY, HALF_HOUR } from '@rollcall/backend/contract'
import type { FunctionReturnType } from 'convex/server'
import type { Period } from './periods'

/** The sum of a worker's transitions in one day (UTC) that had any. */
export type UptimeDay = FunctionReturnType<typeof api.workerHistory.uptime>[number]

/** Milliseconds that a worker was in each state. */
export type Spent = Record<UptimeDay['state'], number>

/** One step of a strip, in ms; `unknown` is what is before the worker's first transition. */
export interface Step extends Spent {
  unknown: number
}

const states = ['online', 'crashed', 'lost', 'stopped'] as const satisfies UptimeDay['state'][]

/**
 * The steps of a period, oldest first. Half hours are those of UTC, and the last step ends with the one that `now` is in; of
 * that only what has passed counts. `days` in any order; between two of them the worker was as the older one ended. Times in
 * ms since 1970, server time.
 */
export function stepsOf(days: readonly UptimeDay[], { steps, halfHours }: Period, now: number): Step[] {
  const end = Math.floor(now / HALF_HOUR) + 1
  const first = end - steps * halfHours
  const spent = spentFrom(days, first, end, now)
  return Array.from({ length: steps }, (_, index) => {
    const begin = index * halfHours
    const known = sumOf(spent.slice(begin, begin + halfHours))
    const from = (first + begin) * HALF_HOUR
    const passed = Math.min(halfHours * HALF_HOUR, now - from)
    const { online, crashed, lost, stopped } = known
    return { ...known, unknown: Math.max(0, passed - online - crashed - lost - stopped) }
  })
}

/** What was spent in each half hour from `first` to before `end`, counted since 1970. */
function spentFrom(days: readonly UptimeDay[], first: number, end: number, now: number): Spent[] {
  const all = Array.from({ length: end - first }, nothing)
  const oldestFirst = days.toSorted((a, b) => a.day - b.day)
  for (const [index, { day, spent, until, state }] of oldestFirst.entries()) {
    for (const known of states) {
      for (const [halfHour, ms] of spent[known].entries()) {
        const place = all[(day * DAY) / HALF_HOUR + halfHour - first]
        if (place) place[known] += ms
      }
    }
    const next = oldestFirst[index + 1]
    const to = next ? Math.min(next.day * DAY, now) : now
    for (let from = Math.max(until, first * HALF_HOUR); from < to;) {
      const halfHour = Math.floor(from / HALF_HOUR)
      const edge = Math.min(to, (halfHour + 1) * HALF_HOUR)
      const place = all[halfHour - first]
      if (place) place[state] += edge - from
      from = edge
    }
  }
  return all
}

/** What was spent in all of these together. */
export function sumOf(parts: readonly Spent[]): Spent {
  const sum = nothing()
  for (const part of parts) for (const state of states) sum[state] += part[state]
  return sum
}

function nothing(): Spent {
  return { online: 0, crashed: 0, lost: 0, stopped: 0 }
}
