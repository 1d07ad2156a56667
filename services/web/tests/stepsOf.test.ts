import { DAY, HOUR, MINUTE } from '@rollcall/backend/contract'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lastDay, lastMonth, lengthOf, periods } from '../src/uptime/periods'
import { stepsOf, sumOf } from '../src/uptime/stepsOf'
import { aDay, TUESDAY } from './aDay'

const HALF_HOUR = 30 * MINUTE
const NOON = TUESDAY * DAY + 12 * HOUR

afterEach(() => vi.unstubAllEnvs())

/** The steps in which a worker was in a state, by their number. */
function stepsIn(
  state: 'online' | 'crashed' | 'lost' | 'stopped' | 'unknown',
  steps: ReturnType<typeof stepsOf>,
) {
  return steps.flatMap((step, index) => (step[state] > 0 ? [index] : []))
}

test.each(periods)(
  '$name: all time that has passed is in one state or unknown, whatever the time of day',
  (period) => {
    const days = [
      aDay(TUESDAY - 40, [['online', 0, HOUR]], 'crashed'),
      aDay(TUESDAY - 3, [['crashed', 0, 5 * HOUR]], 'online'),
      aDay(
        TUESDAY,
        [
          ['online', 0, HOUR],
          ['lost', HOUR, 2 * HOUR],
        ],
        'online',
      ),
    ]
    for (let now = NOON; now < NOON + DAY; now += 617_000) {
      const steps = stepsOf(days, period, now)
      expect(steps).toHaveLength(period.steps)
      const { online, crashed, lost, stopped } = sumOf(steps)
      const unknown = steps.reduce((sum, step) => sum + step.unknown, 0)
      const toCome = HALF_HOUR - (now % HALF_HOUR)
      expect(online + crashed + lost + stopped + unknown).toBe(lengthOf(period) - toCome)
    }
  },
)

test('the last step is the half hour that has begun, as far as it has passed', () => {
  const steps = stepsOf([aDay(TUESDAY, [['online', 0, HOUR]], 'online')], lastDay, NOON + 10 * MINUTE)
  expect(steps.at(-1)).toEqual({ online: 10 * MINUTE, crashed: 0, lost: 0, stopped: 0, unknown: 0 })
  expect(steps.at(-2)?.online).toBe(HALF_HOUR)
})

test('at the edge of a half hour a step begins, and nothing of it has passed', () => {
  const days = [aDay(TUESDAY, [['online', 0, 11 * HOUR]], 'online')]
  expect(stepsOf(days, lastDay, NOON - 1).at(-1)?.online).toBe(HALF_HOUR - 1)
  const [before, last] = stepsOf(days, lastDay, NOON).slice(-2)
  expect(before?.online).toBe(HALF_HOUR)
  expect(last).toEqual({ online: 0, crashed: 0, lost: 0, stopped: 0, unknown: 0 })
  expect(stepsOf(days, lastDay, NOON + 1).at(-1)?.online).toBe(1)
})

test('a change in the middle of a half hour parts it', () => {
  const day = aDay(TUESDAY, [['online', 10 * HOUR, 11 * HOUR + 10 * MINUTE]], 'crashed')
  const [before, after] = stepsOf([day], lastDay, NOON - 1).slice(-2)
  expect(before).toEqual({ online: 10 * MINUTE, crashed: 20 * MINUTE, lost: 0, stopped: 0, unknown: 0 })
  expect(after?.crashed).toBe(HALF_HOUR - 1)
})

test('before its first day nothing is known, and on it from its first transition on', () => {
  const day = aDay(TUESDAY, [['online', 11 * HOUR + 40 * MINUTE, 11 * HOUR + 50 * MINUTE]], 'stopped')
  const steps = stepsOf([day], lastDay, NOON - 1)
  expect(stepsIn('unknown', steps)).toEqual(Array.from({ length: 48 }, (_, index) => index))
  expect(steps.at(-1)).toMatchObject({ online: 10 * MINUTE, unknown: 10 * MINUTE })
  expect(steps.at(-2)?.unknown).toBe(HALF_HOUR)
})

test('of no days, all is unknown', () => {
  expect(sumOf(stepsOf([], lastMonth, NOON))).toEqual({ online: 0, crashed: 0, lost: 0, stopped: 0 })
})

describe('days without a document', () => {
  test('are as the older one ended, up to the midnight of the next', () => {
    const days = [
      aDay(TUESDAY - 5, [['online', 0, 12 * HOUR]], 'crashed'),
      aDay(TUESDAY, [['crashed', 0, 6 * HOUR]], 'online'),
    ]
    const { crashed, online } = sumOf(stepsOf(days, lastMonth, NOON))
    expect(crashed).toBe(5 * DAY - 12 * HOUR + 6 * HOUR)
    expect(online).toBe(12 * HOUR + 6 * HOUR)
  })

  test('are as the newest one ended, up to now', () => {
    const steps = stepsOf([aDay(TUESDAY - 400, [], 'stopped')], lastDay, NOON + 1)
    expect(stepsIn('stopped', steps)).toHaveLength(48)
    expect(stepsIn('unknown', steps)).toEqual([])
  })

  test('come in any order', () => {
    const days = [aDay(TUESDAY - 2, [], 'online'), aDay(TUESDAY - 1, [['online', 0, HOUR]], 'crashed')]
    expect(stepsOf(days, lastDay, NOON)).toEqual(stepsOf(days.toReversed(), lastDay, NOON))
  })
})

test('lost over midnight: the day before was as it ended, the new one begins lost', () => {
  const days = [
    aDay(TUESDAY - 1, [['online', 0, 23 * HOUR]], 'online'),
    aDay(TUESDAY, [['lost', 0, 2 * MINUTE]], 'lost'),
  ]
  const steps = stepsOf(days, lastDay, TUESDAY * DAY + 10 * MINUTE)
  expect(steps.at(-1)).toEqual({ online: 0, crashed: 0, lost: 10 * MINUTE, stopped: 0, unknown: 0 })
  expect(steps.at(-2)?.online).toBe(HALF_HOUR)
  expect(stepsIn('lost', steps)).toEqual([47])
})

test('what lies outside of the period counts nowhere', () => {
  const days = [
    aDay(
      TUESDAY - 1,
      [
        ['crashed', 0, 11 * HOUR],
        ['online', 11 * HOUR, 12 * HOUR],
      ],
      'online',
    ),
    aDay(
      TUESDAY,
      [
        ['online', 0, 12 * HOUR],
        ['crashed', 12 * HOUR, 20 * HOUR],
      ],
      'online',
    ),
  ]
  const steps = stepsOf(days, lastDay, NOON - 1)
  expect(stepsIn('crashed', steps)).toEqual([])
})

test.each(['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Kiritimati'])('is the same in %s', (zone) => {
  vi.stubEnv('TZ', zone)
  const day = aDay(
    TUESDAY,
    [
      ['online', 0, 11 * HOUR],
      ['crashed', 11 * HOUR, 11.5 * HOUR],
    ],
    'online',
  )
  expect(stepsIn('crashed', stepsOf([day], lastDay, NOON - 1))).toEqual([46])
})
