import { describe, expect, it } from 'vitest'
import { RestartPolicy } from '../../src/domain/RestartPolicy'
import { defaultTimes } from '../../src/supervisor/times'

const noJitter = () => new RestartPolicy({ ...defaultTimes.restart, random: () => 0 })
const SECOND = 1_000

describe('RestartPolicy', () => {
  it('waits from a second to a minute, longer after each crash', () => {
    const policy = noJitter()
    const waits = Array.from({ length: 8 }, () => policy.next(0).inMs / SECOND)
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('begins anew after a worker that was up for five minutes', () => {
    const policy = noJitter()
    for (let crash = 0; crash < 5; crash += 1) policy.next(0)
    expect(policy.next(300 * SECOND - 1)).toEqual({ attempt: 6, inMs: 32 * SECOND })
    expect(policy.next(300 * SECOND)).toEqual({ attempt: 1, inMs: SECOND })
    expect(policy.next(0)).toEqual({ attempt: 2, inMs: 2 * SECOND })
  })

  it('spreads the waits', () => {
    const { inMs } = new RestartPolicy({ ...defaultTimes.restart, random: () => 0.9 }).next(0)
    expect(inMs).toBe(550)
  })
})
