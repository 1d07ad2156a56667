import { DAY, HOUR, MINUTE } from '@rollcall/backend/contract'
import { describe, expect, test } from 'vitest'
import { figuresOf } from '../src/uptime/figures'
import { stripPaths } from '../src/uptime/stripPaths'
import { stripWords, uptimePercent } from '../src/uptime/uptimeWords'
import { aDay, TUESDAY } from './aDay'

const nothing = { online: 0, crashed: 0, lost: 0, stopped: 0 }
const step = { ...nothing, unknown: 0 }

describe('uptimePercent', () => {
  test.each([
    ['nothing known', nothing, '–'],
    ['only stopped', { ...nothing, stopped: HOUR }, '–'],
    ['always there', { ...nothing, online: HOUR }, '100 %'],
    ['stopped on purpose counts neither way', { ...nothing, online: HOUR, stopped: 9 * HOUR }, '100 %'],
    ['a millisecond was missed', { ...nothing, online: 30 * DAY, crashed: 1 }, '99.9 %'],
    ['rounded down', { ...nothing, online: 98_199, lost: 1801 }, '98.1 %'],
    ['crashed and lost', { online: 50, crashed: 25, lost: 25, stopped: 0 }, '50.0 %'],
    ['never there', { ...nothing, lost: HOUR }, '0.0 %'],
  ])('%s', (_what, spent, words) => {
    expect(uptimePercent(spent)).toBe(words.replace(' ', '\u00a0'))
  })
})

test('a strip in words', () => {
  const steps = [
    { ...step, unknown: 2 * HOUR },
    { ...step, online: 87 * MINUTE, crashed: 2 * MINUTE, lost: 1 * MINUTE },
    { ...step, stopped: HOUR },
  ]
  expect(stripWords('24 hours', steps)).toBe(
    'Last 24 hours: 96.6\u00a0% up, crashed for 2 min, lost for 1 min, stopped for 1 h, nothing known of 2 h',
  )
})

describe('stripPaths', () => {
  const paths = (...steps: Partial<typeof step>[]) =>
    stripPaths(
      steps.map((part) => ({ ...step, ...part })),
      16,
    )

  test('health is low, and steps side by side are one path', () => {
    expect(paths({ online: 9 }, { online: 9 })).toEqual({
      trouble: '',
      online: 'M0 16v-2h1v2zM1 16v-2h1v2z',
      stopped: '',
    })
  })

  test('trouble is tall by its share, and never as low as health', () => {
    expect(paths({ online: 999_999, crashed: 1 }).trouble).toBe('M0 16v-6h1v6z')
    expect(paths({ online: 50, crashed: 25, lost: 25 }).trouble).toBe('M0 16v-11h1v11z')
    expect(paths({ lost: 1 }).trouble).toBe('M0 16v-16h1v16z')
  })

  test('without trouble, a step is what it was for longer; what is unknown is empty', () => {
    expect(paths({ stopped: 5, online: 4 }).stopped).toBe('M0 16v-1h1v1z')
    expect(paths({ stopped: 4, online: 4 }).stopped).toBe('')
    expect(paths({ unknown: 5 })).toEqual({ trouble: '', online: '', stopped: '' })
  })
})

describe('figuresOf', () => {
  const now = TUESDAY * DAY + 12 * HOUR
  const ends = { shutdown: 0, crashed: 0, stale: 0, superseded: 0, revoked: 0 }
  const words = (...days: Parameters<typeof figuresOf>[0][number][]) =>
    figuresOf(days, now).map(([term, value]) => `${term}: ${value.replaceAll('\u00a0', ' ')}`)

  test('nothing of a worker that never ended, or was only replaced', () => {
    expect(words(aDay(TUESDAY, [], 'online', { ends: { ...ends, superseded: 3, revoked: 1 } }))).toEqual([])
  })

  test('ends and how soon they were noticed, over all days', () => {
    const monday = aDay(TUESDAY - 1, [], 'online', {
      ends: { ...ends, shutdown: 1, crashed: 1, stale: 1 },
      noticed: {
        crashed: { count: 1, totalMs: 300, longestMs: 300 },
        stale: { count: 1, totalMs: 91_400, longestMs: 91_400 },
      },
    })
    const today = aDay(TUESDAY, [], 'online', {
      ends: { ...ends, shutdown: 4, crashed: 1 },
      noticed: { crashed: { count: 1, totalMs: 40, longestMs: 40 } },
    })
    expect(words(today, monday)).toEqual([
      'Clean stops: 5 of 8 (62 %)',
      'Crashes: 2, noticed after 0.1 s on average, 0.3 s at the longest',
      'Losses: 1, noticed 91 s after the last heartbeat',
    ])
  })

  test('what was never measured is not said', () => {
    const today = aDay(TUESDAY, [], 'online', { ends: { ...ends, crashed: 2 } })
    expect(words(today)).toEqual(['Clean stops: 0 of 2 (0 %)', 'Crashes: 2', 'Losses: 0'])
  })

  test('today and the 29 days before it count', () => {
    const crash = { ends: { ...ends, crashed: 1 } }
    expect(words(aDay(TUESDAY - 30, [], 'crashed', crash))).toEqual([])
    expect(words(aDay(TUESDAY - 29, [], 'crashed', crash))).toContain('Crashes: 1')
  })
})
