import { clockWords } from '../presence/timeWords'

/** From when to when something was, the day said once: `14:02 to 14:20`, `yesterday 23:50 to 00:10`. ms since 1970. */
export function spanWords(from: number, to: number, now: number): string {
  const isSameDay = new Date(from).toDateString() === new Date(to).toDateString()
  return `${clockWords(from, now)} to ${isSameDay ? clockWords(to, to) : clockWords(to, now)}`
}
