import { expect, test } from 'vitest'
import { LatencyHistogram } from '../../src/admin/LatencyHistogram'

function histogramOf(times: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram()
  for (const ms of times) histogram.add(ms)
  return histogram
}

test('mean and maximum are exact, quantiles within a bucket', () => {
  const times = Array.from({ length: 1_000 }, (_, index) => (index + 1) / 10)
  const histogram = histogramOf(times)
  expect(histogram.meanMs).toBeCloseTo(50.05)
  expect(histogram.maxMs).toBe(100)
  for (const share of [0.5, 0.9, 0.99]) {
    const truth = share * 100
    expect(histogram.quantileMs(share)).toBeGreaterThanOrEqual(truth)
    expect(histogram.quantileMs(share)).toBeLessThan(truth * 1.42)
  }
})

test('one slow call among a hundred is the maximum, not the 99th percentile', () => {
  const histogram = histogramOf([...Array<number>(99).fill(1), 1_000])
  expect(histogram.quantileMs(0.99)).toBeLessThan(2)
  expect(histogram.quantileMs(1)).toBe(1_000)
})

test('no call, one of no time and one of an hour have their place', () => {
  expect(histogramOf([]).quantileMs(0.5)).toBe(0)
  expect(histogramOf([]).meanMs).toBe(0)
  expect(histogramOf([0]).quantileMs(0.5)).toBe(0)
  expect(histogramOf([3_600_000]).quantileMs(0.5)).toBeGreaterThan(400_000)
})
