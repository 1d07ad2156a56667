import { h } from './element.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const whole = new Intl.NumberFormat()

export const count = (number) => whole.format(number)

export function bytes(size) {
  if (size < 1024) return `${size} B`
  const units = ['KiB', 'MiB', 'GiB']
  let value = size
  let unit = 'B'
  for (const next of units) {
    if (value < 1024) break
    value /= 1024
    unit = next
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** How long something took. */
export function duration(ms) {
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < SECOND) return `${Math.round(ms)} ms`
  return `${(ms / SECOND).toFixed(1)} s`
}

export const clockTime = (at) => clock.format(at)

/** A moment by the clock, for what is not drawn again; with the day if that is another one. */
function stamp(at, now) {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString()
  return isToday ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`
}

/** Relative up to an hour, then by the clock. */
function away(at, now) {
  const span = Math.abs(now - at)
  if (span >= HOUR) return stamp(at, now)
  if (span < SECOND) return 'now'
  const words = span < MINUTE ? `${Math.floor(span / SECOND)} s` : `${Math.floor(span / MINUTE)} min`
  return at > now ? `in ${words}` : `${words} ago`
}

function timeElement(at, say) {
  const date = new Date(at)
  return h('time', { datetime: date.toISOString(), title: full.format(date) }, say(at, Date.now()))
}

export const moment = (at) => timeElement(at, away)
export const clockMoment = (at) => timeElement(at, stamp)

/** When a cron job runs. */
export function schedule({ type, ...rest }) {
  const two = (number) => String(number ?? 0).padStart(2, '0')
  const minute = (value) => (value === undefined ? 'at a minute of its own' : `:${two(value)}`)
  const time =
    rest.minuteUTC === undefined
      ? `in hour ${rest.hourUTC} UTC`
      : `${two(rest.hourUTC)}:${two(rest.minuteUTC)} UTC`
  switch (type) {
    case 'interval': {
      const parts = ['hours', 'minutes', 'seconds'].filter((unit) => rest[unit])
      return `every ${parts.map((unit) => `${rest[unit]} ${rest[unit] === 1 ? unit.slice(0, -1) : unit}`).join(' ')}`
    }
    case 'cron':
      return `${rest.cron} UTC`
    case 'hourly':
      return `hourly, ${minute(rest.minuteUTC)}`
    case 'daily':
      return `daily, ${time}`
    case 'weekly':
      return `${rest.dayOfWeek}s, ${time}`
    case 'monthly':
      return `monthly on day ${rest.day}, ${time}`
    default:
      return type
  }
}
