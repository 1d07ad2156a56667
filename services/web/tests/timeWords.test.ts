import { DAY, HOUR, MINUTE, SECOND } from '@rollcall/backend/contract'
import { describe, expect, test } from 'vitest'
import { momentWords } from '../src/presence/Sentence'
import { clockWords, durationWords, elapsedWords, pointWords } from '../src/presence/timeWords'
import { NOON } from './aWorker'

describe('durationWords', () => {
  test.each([
    [-5 * SECOND, 'under 0.1 s'],
    [0, 'under 0.1 s'],
    [99, 'under 0.1 s'],
    [310, '0.3 s'],
    [399, '0.3 s'],
    [2000, '2 s'],
    [2999, '2.9 s'],
    [59_999, '59 s'],
    [MINUTE, '1 min'],
    [HOUR - 1, '59 min'],
    [HOUR, '1 h'],
    [3 * HOUR + 5.9 * MINUTE, '3 h 5 min'],
    [2 * DAY + 4 * HOUR, '2 d 4 h'],
  ])('%d ms is %s, rounded down', (ms, words) => {
    expect(durationWords(ms)).toBe(words)
  })
})

test.each([
  [-3 * SECOND, '1 s'],
  [0, '1 s'],
  [1999, '1 s'],
  [45_700, '45 s'],
  [90 * SECOND, '1 min'],
])('what grows on the page is in whole seconds: %d ms is %s', (ms, words) => {
  expect(elapsedWords(ms)).toBe(words)
})

describe('pointWords', () => {
  test.each([
    ['in the same moment', 0, 'just now'],
    ['ahead of a clock that is slow', -5 * MINUTE, 'just now'],
    ['under a second ago', 999, 'just now'],
    ['seconds ago', 20.9 * SECOND, '20 s ago'],
    ['minutes ago', 3.5 * MINUTE, '3 min ago'],
    ['just under an hour ago', HOUR - 1, '59 min ago'],
    ['an hour ago', HOUR, 'at 11:00'],
    ['yesterday', 18 * HOUR, 'yesterday 18:00'],
    ['days ago', 3 * DAY, '20 Nov 12:00'],
  ])('%s', (_when, age, words) => {
    expect(pointWords(NOON - age, NOON)).toBe(words)
  })

  test('never says zero or a negative number, whatever the clocks', () => {
    for (let age = -2 * HOUR; age < 2 * HOUR; age += 617) {
      expect(pointWords(NOON - age, NOON)).not.toMatch(/-|\b0 /)
    }
  })
})

test('clockWords says the year when it is another', () => {
  expect(clockWords(new Date(2025, 10, 12, 14, 2).getTime(), NOON)).toBe('12 Nov 2025, 14:02')
})

test.each([
  [12 * SECOND, 'in 12 s'],
  [1, 'in 1 s'],
  [0, 'now'],
  [-5 * SECOND, 'now'],
])('what is to come in %d ms: %s', (ms, words) => {
  expect(momentWords({ kind: 'in', at: NOON + ms }, NOON)).toBe(words)
})
