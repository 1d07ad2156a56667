import { DAY, HOUR, MINUTE, SECOND } from '@rollcall/backend/contract'

/** British English gives a 24-hour clock and the day before the month. */
const LOCALE = 'en-GB'
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' })
const clockWithSeconds = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' })
const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' })
const dayAndYear = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' })
const full = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'long' })

/** `14:02:31`. */
export function secondsClock(at: number): string {
  return clockWithSeconds.format(at)
}

/** The whole date and time, for hovering and for screen readers. */
export function fullTimestamp(at: number): string {
  return full.format(at)
}

/**
 * A duration in ms, rounded down: `0.3 s`, `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. Never negative and never zero: a clock
 * that is wrong on the viewer's computer must not produce nonsense.
 */
export function durationWords(ms: number): string {
  if (ms < 100) return 'under 0.1 s'
  if (ms < 10 * SECOND && ms % SECOND >= 100) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return twoUnits(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min')
  return twoUnits(Math.floor(ms / DAY), 'd', Math.floor((ms % DAY) / HOUR), 'h')
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** Whole seconds or longer, for durations that grow on the page; at least a second. */
export function elapsedWords(ms: number): string {
  return durationWords(Math.max(SECOND, ms - (ms < MINUTE ? ms % SECOND : 0)))
}

/** `14:02`, `yesterday 14:02`, `12 Nov 14:02`, `12 Nov 2025, 14:02`: in the viewer's time zone. */
export function clockWords(at: number, now: number): string {
  const time = clock.format(at)
  const [then, today] = [new Date(at), new Date(now)]
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (then.toDateString() === today.toDateString()) return time
  if (then.toDateString() === yesterday.toDateString()) return `yesterday ${time}`
  if (then.getFullYear() === today.getFullYear()) return `${day.format(at)} ${time}`
  return `${dayAndYear.format(at)}, ${time}`
}

/** When something happened: `just now`, `20 s ago`, `3 min ago`, and after an hour `at 14:02`, `yesterday 18:20`. */
export function pointWords(at: number, now: number): string {
  const age = now - at
  if (age < SECOND) return 'just now'
  if (age < HOUR) return `${elapsedWords(age)} ago`
  const words = clockWords(at, now)
  return /^\d\d:/.test(words) ? `at ${words}` : words
}
