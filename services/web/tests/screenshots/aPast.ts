import { DAY, HALF_HOUR } from '@rollcall/backend/contract'
import { aDay } from '../aDay'

type Day = ReturnType<typeof aDay>
type State = Day['state']

/** That the worker was in a state for a while, so long ago; milliseconds. */
export interface Spell {
  state: State
  agoMs: number
  forMs: number
}

/** The days of a worker that was online for a month up to yesterday's end, but for these spells. */
export function aPast(now: number, spells: readonly Spell[]): Day[] {
  const today = Math.floor(now / DAY)
  return Array.from({ length: 30 }, (_, index) => pastDay(today - 30 + index, now, spells))
}

function pastDay(day: number, now: number, spells: readonly Spell[]): Day {
  const midnight = day * DAY
  const within = spells
    .map(({ state, agoMs, forMs }) => ({
      state,
      from: now - agoMs - midnight,
      to: now - agoMs + forMs - midnight,
    }))
    .filter(({ from, to }) => from >= 0 && to <= DAY)
    .sort((a, b) => a.from - b.from)
  const parts: [State, number, number][] = []
  let reached = 0
  for (const { state, from, to } of within) {
    parts.push(['online', reached, from], [state, from, to])
    reached = to
  }
  parts.push(['online', reached, DAY - HALF_HOUR])
  const crashed = within.filter(({ state }) => state === 'crashed').length
  const stale = within.filter(({ state }) => state === 'lost').length
  const shutdown = within.filter(({ state }) => state === 'stopped').length
  return aDay(day, parts, 'online', {
    ends: { shutdown, crashed, stale, superseded: 0, revoked: 0 },
    noticed: {
      ...(crashed > 0 && { crashed: { count: crashed, totalMs: crashed * 31, longestMs: 44 } }),
      ...(stale > 0 && { stale: { count: stale, totalMs: stale * 90_400, longestMs: 90_900 } }),
    },
  })
}
