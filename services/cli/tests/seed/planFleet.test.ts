import { limits } from '@rollcall/backend/contract'
import { describe, expect, it } from 'vitest'
import { planFleet } from '../../src/seed/planFleet'
import { roleNames } from '../../src/seed/roles'

const choice = { workers: 200, machines: 12, seed: 7 }
const workersOf = (plan: ReturnType<typeof planFleet>) => plan.flatMap(({ workers }) => workers)

describe('planFleet', () => {
  it('makes the same fleet for the same seed, another one for another', () => {
    expect(planFleet(choice, [])).toEqual(planFleet(choice, []))
    expect(planFleet({ ...choice, seed: 8 }, [])).not.toEqual(planFleet(choice, []))
  })

  it.each([
    { workers: 1, machines: 1 },
    { workers: 12, machines: 3 },
    { workers: 200, machines: 4 },
    { workers: 500, machines: 200 },
  ])('has $workers workers on $machines machines, with names of their own', ({ workers, machines }) => {
    const plan = planFleet({ workers, machines, seed: 1 }, [])
    expect(plan).toHaveLength(machines)
    expect(workersOf(plan)).toHaveLength(workers)
    expect(new Set(plan.map(({ name }) => name)).size).toBe(machines)
    for (const { workers: ofMachine } of plan) {
      expect(ofMachine.length).toBeGreaterThan(0)
      expect(ofMachine.length).toBeLessThanOrEqual(limits.workersPerMachine)
      expect(new Set(ofMachine.map(({ name }) => name)).size).toBe(ofMachine.length)
    }
  })

  it('takes no name that is taken', () => {
    const taken = planFleet(choice, []).map(({ name }) => name)
    const names = planFleet(choice, taken).map(({ name }) => name)
    expect(names.filter((name) => taken.includes(name))).toEqual([])
  })

  it('has every role in a fleet of twenty, and the loudest in one of twelve', () => {
    const rolesOf = (workers: number) =>
      new Set(workersOf(planFleet({ workers, machines: 2, seed: 3 }, [])).map(({ role }) => role))
    expect(rolesOf(20)).toEqual(new Set(roleNames))
    expect([...rolesOf(12)]).toEqual(
      expect.arrayContaining(['ready', 'busy', 'stopped', 'lost', 'killed', 'draining', 'unstable']),
    )
  })

  it('keeps trouble rare in a large one, and no more chats than a person begins at once', () => {
    const roles = workersOf(planFleet({ workers: 2_000, machines: 100, seed: 5 }, [])).map(({ role }) => role)
    const share = (role: string) => roles.filter((other) => other === role).length / roles.length
    expect(share('ready')).toBeGreaterThan(0.7)
    expect(share('lost') + share('killed') + share('crashed')).toBeLessThan(0.05)
    expect(roles.filter((role) => role === 'busy').length).toBeLessThanOrEqual(16)
  })
})
