import { expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../contract'

it.each([
  ['30s', 30_000],
  ['2min', 120_000],
  ['1h', 3_600_000],
  ['90d', 7_776_000_000],
  ['0.5 d', 43_200_000],
  ['1500ms', 1_500],
  ['1500', 1_500],
  [' 0.5 s ', 500],
  ['1.1s', 1_100],
  ['0', 0],
])('“%s” is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

it.each(['', 's', '-1s', '1,5s', '1m', '30 seconds', '0.5', '1e3', '1s 2s', '9'.repeat(20), 'NaN', '١s'])(
  '“%s” is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined()
  },
)

it.each([
  [0, '0 ms'],
  [100, '100 ms'],
  [1_000, '1 s'],
  [1_500, '1500 ms'],
  [30_000, '30 s'],
  [60_000, '1 min'],
  [90_000, '90 s'],
  [600_000, '10 min'],
  [3_600_000, '1 h'],
  [7_200_000, '2 h'],
  [82_800_000, '23 h'],
  [86_400_000, '1 d'],
  [90_000_000, '25 h'],
  [7_776_000_000, '90 d'],
])('%d ms is written “%s”, which reads as the same', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
  expect(parseDuration(text)).toBe(ms)
})
