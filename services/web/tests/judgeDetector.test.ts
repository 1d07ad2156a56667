import { describe, expect, test } from 'vitest'
import { isFreshAnswer } from '../src/detector/isFreshAnswer'
import { judgeDetector, type DetectorState } from '../src/detector/judgeDetector'
import { doubtAbout, statusWords } from '../src/presence/marks'
import { NOON } from './aWorker'

const state = (changes: Partial<DetectorState> = {}): DetectorState => ({
  lastRunAt: NOON - 60_000,
  nextRunAt: NOON,
  grace: null,
  serverNow: NOON - 60_000,
  ...changes,
})
const at = (now: number) => ({ kind: 'told', now }) as const

describe('judgeDetector (rule 15: the detector is watched too)', () => {
  test.each([
    ['before it is due', NOON - 30_000, { kind: 'on time' }],
    ['10 s over: a busy backend', NOON + 10_000, { kind: 'on time' }],
    ['over 10 s', NOON + 10_001, { kind: 'late', since: NOON }],
  ])('%s', (_when, now, expected) => {
    expect(judgeDetector(state(), at(now))).toEqual(expected)
  })

  test('nobody online, no sweep due, none late', () => {
    expect(judgeDetector(state({ nextRunAt: null }), at(NOON + 3_600_000))).toEqual({ kind: 'on time' })
  })

  test('nothing is judged by a guess, nor before an answer', () => {
    expect(judgeDetector(state(), { kind: 'guessed', now: NOON + 3_600_000 })).toEqual({ kind: 'unknown' })
    expect(judgeDetector(undefined, at(NOON))).toEqual({ kind: 'unknown' })
  })

  test('a grace lasts until its end; a sweep that does not come after it is late', () => {
    const grace = { cause: 'backend-gap', until: NOON } as const
    const graced = state({ grace, nextRunAt: NOON + 50 })
    expect(judgeDetector(graced, at(NOON - 1))).toEqual({ kind: 'grace', grace })
    expect(judgeDetector(graced, at(NOON))).toEqual({ kind: 'on time' })
    expect(judgeDetector(graced, at(NOON + 11_000))).toEqual({ kind: 'late', since: NOON + 50 })
  })
})

describe('isFreshAnswer', () => {
  const answer = { state: state(), connection: 1 }

  test('the first one, and the first after a reconnect, may come from a cache', () => {
    expect(isFreshAnswer(undefined, answer)).toBe(false)
    expect(isFreshAnswer(answer, { state: state({ lastRunAt: NOON }), connection: 2 })).toBe(false)
  })

  test('one that says the same again may, too', () => {
    expect(isFreshAnswer(answer, { state: state({ serverNow: NOON }), connection: 1 })).toBe(false)
  })

  test('a sweep has run, or the next one was moved: made just now', () => {
    expect(isFreshAnswer(answer, { state: state({ lastRunAt: NOON }), connection: 1 })).toBe(true)
    expect(isFreshAnswer(answer, { state: state({ nextRunAt: null }), connection: 1 })).toBe(true)
  })
})

describe('doubtAbout', () => {
  const doubted = (page: { isLastKnown: boolean; isSweepLate: boolean }) =>
    statusWords.filter((word) => doubtAbout(word, page) === 'unconfirmed')

  test('a late sweep unsettles exactly what claims to be online', () => {
    expect(doubted({ isLastKnown: false, isSweepLate: true })).toEqual([
      'ready',
      'busy',
      'starting',
      'draining',
      'unstable',
      'hung',
    ])
    expect(doubted({ isLastKnown: false, isSweepLate: false })).toEqual([])
  })

  test('a lost connection is the greater doubt', () => {
    expect(doubtAbout('ready', { isLastKnown: true, isSweepLate: true })).toBe('last known')
    expect(doubtAbout('offline', { isLastKnown: true, isSweepLate: false })).toBe('last known')
  })
})
