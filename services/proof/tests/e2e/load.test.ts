import { expect, test } from 'vitest'
import { runLoad } from '../../src/load/runLoad'

test('a small fleet beats, its pages are quiet, and nobody is taken for gone', async () => {
  const told: string[] = []
  const options = { workers: 60, pages: 2, seconds: 2, intervalMs: 1_000 }
  const result = await runLoad({ ...options, say: (progress) => told.push(progress) })
  expect(result).toMatchObject({ workers: 60, pages: 2, failures: 0, falseOffline: 0, updatesOfPages: 0 })
  expect(result.beats).toBeGreaterThanOrEqual(60)
  expect(result.p50Ms).toBeGreaterThan(0)
  expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms)
  expect(told).toContain('60 of 60 workers are made')
})
