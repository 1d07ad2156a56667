import { DAY, HOUR, MINUTE } from '@rollcall/backend/contract'
import { expect, test } from 'vitest'
import { alertMark } from '../src/alerts/alertMarks'
import { isMutedAt } from '../src/alerts/mutes'
import { newsWords } from '../src/alerts/newsWords'
import { spanWords } from '../src/alerts/spanWords'
import { thresholdWords } from '../src/alerts/thresholdWords'
import { momentWords } from '../src/presence/Sentence'
import { NOON } from './aWorker'

type Told = Parameters<typeof newsWords>[0][number]

const crashes: Told = {
  rule: 'crashes',
  evidence: { rule: 'crashes', crashes: 12, threshold: 10, recent: [] },
}
const lost: Told = { rule: 'lost', evidence: { rule: 'lost', lost: 3, of: 9, threshold: 20 } }

test('a muted alert is quiet, whatever it is about', () => {
  expect(alertMark('crashes', false)).toEqual({ shape: '▲', tone: 'red' })
  expect(alertMark('flapping', false)).toEqual({ shape: '▲', tone: 'amber' })
  expect(alertMark('crashes', true)).toEqual({ shape: '△', tone: 'grey' })
})

test.each([
  ['never muted', undefined, false],
  ['muted', { until: NOON + 1, by: 'ada' }, true],
  ['not muted any more', { until: NOON, by: 'ada' }, false],
])('%s', (_what, mute, isMuted) => {
  expect(isMutedAt({ ...(mute && { mute }) }, NOON)).toBe(isMuted)
})

test('what is read out: of one alert its sentence, of several what they are about, of none nothing', () => {
  expect(newsWords([])).toBe('')
  expect(newsWords([crashes])).toBe('Alert: Many crashes. 12 crashes within an hour.')
  expect(newsWords([crashes, lost])).toBe('2 alerts: Many crashes; A part of the fleet is missing.')
})

test('from which number on it is an alert', () => {
  expect(thresholdWords(crashes.evidence)).toBe('An alert from 10 within an hour on.')
  expect(thresholdWords(lost.evidence)).toBe('An alert from 20 % on.')
  const graceful = { rule: 'graceful', graceful: 1, ends: 20, threshold: 95 } as const
  expect(thresholdWords(graceful)).toBeUndefined()
})

test.each([
  ['today', NOON - HOUR, NOON - 42 * MINUTE, '11:00 to 11:18'],
  ['yesterday, which is said once', NOON - DAY, NOON - DAY + HOUR, 'yesterday 12:00 to 13:00'],
  ['over midnight', NOON - 13 * HOUR, NOON - HOUR, 'yesterday 23:00 to 11:00'],
  ['over days', NOON - 3 * DAY, NOON - 2 * DAY, '20 Nov 12:00 to 21 Nov 12:00'],
])('from when to when something was: %s', (_when, from, to, words) => {
  expect(spanWords(from, to, NOON)).toBe(words)
})

test.each([
  [HOUR, '13:00'],
  [7 * DAY, '30 Nov 12:00'],
])('until when it is muted, in %d ms: %s', (ms, words) => {
  expect(momentWords({ kind: 'clock', at: NOON + ms }, NOON)).toBe(words)
})
