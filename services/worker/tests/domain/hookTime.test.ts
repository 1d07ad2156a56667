import { describe, expect, it } from 'vitest'
import { hookTime } from '../../src/domain/hookTime'

describe('hookTime', () => {
  it.each<[string, (number | undefined)[], number, number]>([
    ['all to the last one', [undefined], 6_000, 6_000],
    ['equal shares where nobody wishes', [undefined, undefined, undefined], 6_000, 2_000],
    ['what the followers do not wish for', [undefined, 100, undefined], 6_000, 3_900],
    ['more than a share to one that wishes for it', [5_000, 100], 6_000, 5_900],
    ['no more than a share to a greedy follower', [undefined, 60_000], 6_000, 3_000],
    ['nothing when nothing is left', [undefined, 100], -5, 0],
  ])('%s', (_what, wishes, left, expected) => {
    expect(hookTime(wishes, left)).toBe(expected)
  })
})
