import { describe, expect, it } from 'vitest'
import { Lease } from '../../src/domain/Lease'

describe('Lease', () => {
  it('lasts two thirds of the stale threshold', () => {
    const lease = new Lease(90_000, 1_000)
    expect(lease.leftMs(1_000)).toBe(60_000)
    expect(lease.leftMs(60_999)).toBe(1)
    expect(lease.leftMs(61_000)).toBe(0)
    expect(lease.leftMs(500_000)).toBe(0)
  })

  it('is renewed from when the beat was sent, and never backwards', () => {
    const lease = new Lease(90_000, 0)
    lease.renew(30_000)
    expect(lease.leftMs(31_000)).toBe(59_000)
    lease.renew(20_000)
    expect(lease.leftMs(31_000)).toBe(59_000)
  })

  it('follows the threshold', () => {
    const lease = new Lease(90_000, 0)
    lease.changeThreshold(9_000)
    expect(lease.leftMs(1_000)).toBe(5_000)
  })
})
