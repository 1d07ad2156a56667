import { CronExpressionParser } from 'cron-parser'
import { createHash } from 'node:crypto'
import type { CronSchedule } from '../functions/LoadedFunctions'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/**
 * The first run after `now`; for an interval on the grid that begins at `previous`. All in ms since 1970, times of day in UTC.
 * Throws for a cron expression that cannot be read.
 */
export function nextRun(name: string, schedule: CronSchedule, previous: number, now: number): number {
  if (schedule.type === 'interval') {
    const { seconds = 0, minutes = 0, hours = 0 } = schedule
    const interval = seconds * SECOND_MS + minutes * MINUTE_MS + hours * HOUR_MS
    return previous + interval * Math.max(1, Math.floor((now - previous) / interval) + 1)
  }
  const expression = CronExpressionParser.parse(cronExpression(name, schedule), {
    tz: 'UTC',
    currentDate: new Date(now),
  })
  return expression.next().getTime()
}

function cronExpression(name: string, schedule: Exclude<CronSchedule, { type: 'interval' }>): string {
  if (schedule.type === 'cron') return schedule.cron
  // Without a minute each job gets one of its own, so that not all run at the full hour.
  const minute = schedule.minuteUTC ?? (createHash('sha256').update(name).digest()[0] ?? 0) % 60
  switch (schedule.type) {
    case 'hourly':
      return `${minute} * * * *`
    case 'daily':
      return `${minute} ${schedule.hourUTC} * * *`
    case 'weekly':
      return `${minute} ${schedule.hourUTC} * * ${schedule.dayOfWeek.slice(0, 3)}`
    case 'monthly':
      return `${minute} ${schedule.hourUTC} ${schedule.day} * *`
  }
}
