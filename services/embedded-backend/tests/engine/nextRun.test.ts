import { describe, expect, it } from 'vitest'
import { nextRun } from '../../src/engine/scheduler/nextRun'

const NOW = Date.UTC(2026, 0, 14, 10, 20, 30)
const next = (schedule: Parameters<typeof nextRun>[1], previous = NOW) =>
  new Date(nextRun('job', schedule, previous, NOW)).toISOString()

describe('nextRun', () => {
  it('stays on the grid of an interval and skips what was missed', () => {
    expect(next({ type: 'interval', minutes: 2 })).toBe('2026-01-14T10:22:30.000Z')
    expect(next({ type: 'interval', seconds: 10 }, NOW - 25_000)).toBe('2026-01-14T10:20:35.000Z')
    expect(next({ type: 'interval', hours: 1 }, NOW - 90 * 60_000)).toBe('2026-01-14T10:50:30.000Z')
  })

  it('takes times of day in UTC', () => {
    expect(next({ type: 'hourly', minuteUTC: 20 })).toBe('2026-01-14T11:20:00.000Z')
    expect(next({ type: 'daily', hourUTC: 10, minuteUTC: 21 })).toBe('2026-01-14T10:21:00.000Z')
    expect(next({ type: 'weekly', dayOfWeek: 'monday', hourUTC: 0, minuteUTC: 0 })).toBe(
      '2026-01-19T00:00:00.000Z',
    )
    expect(next({ type: 'monthly', day: 1, hourUTC: 3, minuteUTC: 0 })).toBe('2026-02-01T03:00:00.000Z')
    expect(next({ type: 'cron', cron: '*/15 * * * *' })).toBe('2026-01-14T10:30:00.000Z')
  })

  it('gives a job without a minute always the same one', () => {
    expect(next({ type: 'hourly' })).toBe(next({ type: 'hourly' }))
  })

  it('refuses a cron expression that cannot be read', () => {
    expect(() => next({ type: 'cron', cron: 'every day' })).toThrow()
  })
})
