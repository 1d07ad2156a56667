import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../src/domain/backoff'

const range = { firstMs: 100, maxMs: 1_000 }

describe('backoffMs', () => {
  it('doubles up to its cap', () => {
    const waits = [1, 2, 3, 4, 5, 6, 1_000].map((attempt) =>
      backoffMs(attempt, { ...range, random: () => 0 }),
    )
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000])
  })

  it('takes at most half of it off at random', () => {
    expect(backoffMs(3, { ...range, random: () => 0.999_999 })).toBe(200)
    for (let i = 0; i < 100; i += 1) {
      const wait = backoffMs(3, range)
      expect(wait).toBeGreaterThanOrEqual(200)
      expect(wait).toBeLessThanOrEqual(400)
    }
  })
})
