import { beforeAll, describe, expect, it } from 'vitest'
import { faultsOfCost } from '../src/cost/budgets'
import { measureCost, type CostResult } from '../src/cost/measureCost'
import { founding } from '../src/cost/peers'

/** What `pnpm bench cost` counts, in the smaller of its fleets: nothing may cost more than its budget. */

let result: CostResult

beforeAll(async () => {
  result = await measureCost({ sizes: [10, 1_000] })
}, 60_000)

describe('what Rollcall costs', () => {
  it('is within every budget, in a small fleet and in one of a thousand', () => {
    expect(result.ours.map(({ workers }) => workers)).toEqual([10, 1_000])
    expect(faultsOfCost(result)).toEqual([])
  })

  it('does not depend on the size of the fleet', () => {
    const [small, large] = result.ours
    expect(large?.heartbeat).toEqual(small?.heartbeat)
    expect(large?.idleSweep).toEqual(small?.idleSweep)
    expect(large?.fiveStale).toEqual(small?.fiveStale)
  })

  it('is told when it is too much', () => {
    const [cost] = result.ours
    if (!cost) throw new Error('a fleet')
    const heartbeat = { ...cost.heartbeat, read: 3 }
    const faults = faultsOfCost({ ...result, ours: [{ ...cost, heartbeat }], reruns: 1 })
    expect(faults).toEqual([
      'a heartbeat runs 1 queries of a page again',
      'with 10 workers a heartbeat, read: 3, at most 2',
    ])
  })

  it('is less for a heartbeat than of the peers', () => {
    const [, ours] = result.ours
    const [, presence] = result.presence
    expect(presence?.heartbeat).toEqual({ calls: 1, read: 5, written: 1, scheduled: 0 })
    expect(ours?.heartbeat.read).toBeLessThan(presence?.heartbeat.read ?? 0)
    expect(ours?.heartbeat.read).toBeLessThan(founding.heartbeat.read)
  })
})
