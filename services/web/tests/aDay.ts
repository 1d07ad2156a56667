import { DAY, HALF_HOUR } from '@rollcall/backend/contract'
import type { UptimeDay } from '../src/uptime/stepsOf'

/** A Tuesday, in days since 1970 (UTC). */
export const TUESDAY = 20_780

const none = (): number[] => Array.from({ length: 48 }, () => 0)

type Spell = readonly [state: UptimeDay['state'], fromMs: number, toMs: number]

/** What the backend keeps of a day with these spells (ms since its midnight), the last of which went on in `state`. */
export function aDay(
  day: number,
  spells: readonly Spell[],
  state: UptimeDay['state'],
  known: Partial<Pick<UptimeDay, 'ends' | 'noticed'>> = {},
): UptimeDay {
  const spent = { online: none(), crashed: none(), lost: none(), stopped: none() }
  for (const [inState, fromMs, toMs] of spells) {
    for (let halfHour = 0; halfHour < 48; halfHour += 1) {
      const [begin, end] = [halfHour * HALF_HOUR, (halfHour + 1) * HALF_HOUR]
      const part = Math.max(0, Math.min(end, toMs) - Math.max(begin, fromMs))
      spent[inState][halfHour] = (spent[inState][halfHour] ?? 0) + part
    }
  }
  const ends = { shutdown: 0, crashed: 0, stale: 0, superseded: 0, revoked: 0 }
  const until = day * DAY + (spells.at(-1)?.[2] ?? 0)
  return { day, spent, until, state, ends, noticed: {}, ...known }
}
