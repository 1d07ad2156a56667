import { describe, expect, it } from 'vitest'
import type { Claim, FleetHistory, ProcessTruth, WorkerHistory } from '../../src/chaos/oracle/history'
import { judgeStatuses } from '../../src/chaos/oracle/judgeStatuses'
import { bounds, promised, settings, supervisorTimes } from '../../src/chaos/times'

/** A history by hand: milliseconds, nothing granted. */
const slackMs = 0
const wellFleet: FleetHistory = { backend: [], graces: [] }
const { staleThresholdMs } = settings

function process(role: ProcessTruth['role'], pid: number, more: Partial<ProcessTruth> = {}): ProcessTruth {
  return { pid, role, bornAt: 0, aliveAt: 100_000, frozen: [], ...more }
}

/** One start, alive from the beginning on, with a claim that it is online since 1 s. */
function worker(
  more: { worker?: Partial<ProcessTruth>; supervisor?: Partial<ProcessTruth>; askedAt?: number } = {},
  claims: Claim[] = [{ from: 1_000, status: 'online', phase: 'ready', pid: 7, epoch: 1 }],
  others: Partial<WorkerHistory> = {},
): WorkerHistory {
  const run = {
    startedAt: 0,
    supervisor: process('supervisor', 6, more.supervisor),
    workers: [process('worker', 7, more.worker)],
    ...{ guards: [], opencodes: [] },
    ...(more.askedAt !== undefined && { askedAt: more.askedAt }),
  }
  return { name: 'w', claims, runs: [run], network: [], ...others }
}

function rules(history: WorkerHistory, now: number, fleet = wellFleet): string[] {
  return judgeStatuses(history, fleet, { now, slackMs }).violations.map(({ rule }) => rule)
}

const online = (from: number, to?: number): Claim => ({
  ...{ from, status: 'online', phase: 'ready', pid: 7, epoch: 1 },
  ...(to !== undefined && { to }),
})
const offline = (from: number, reason: string, to?: number): Claim => ({
  ...{ from, status: 'offline', pid: 7, epoch: 1, reason },
  ...(to !== undefined && { to }),
})
const dead = { aliveAt: 10_000, deadAt: 10_000, hurtAt: 10_000 }

describe('online', () => {
  it('by a living process is right for ever', () => {
    expect(rules(worker(), 90_000)).toEqual([])
  })

  it('by a dead one is right for as long as its supervisor may take, and no longer', () => {
    const by = dead.deadAt + promised.crashed
    expect(rules(worker({ worker: dead }), by)).toEqual([])
    expect(rules(worker({ worker: dead }), by + 1)).toEqual(['online though dead'])
  })

  it('by a dead one without a supervisor is right until the sweep has to come', () => {
    const by = dead.deadAt + staleThresholdMs + promised.late
    const both = { worker: dead, supervisor: dead }
    expect(rules(worker(both), by)).toEqual([])
    expect(rules(worker(both), by + 1)).toEqual(['online though dead'])
  })

  it('by a dead one whose report cannot get through is left to the sweep', () => {
    const network = [{ from: 9_000, network: 'cut' as const }]
    const by = dead.deadAt + bounds.underWay + staleThresholdMs + promised.late
    expect(rules(worker({ worker: dead }, undefined, { network }), by)).toEqual([])
    expect(rules(worker({ worker: dead }, undefined, { network }), by + 1)).toContain('online though dead')
  })

  it('while the backend is away is nobody’s fault; after it a grace and a stale period pass', () => {
    const fleet = { backend: [{ from: 10_500, to: 20_000 }], graces: [] }
    const both = { worker: dead, supervisor: dead }
    const by = 20_001 + 2 * (staleThresholdMs + promised.late)
    expect(rules(worker(both), by, fleet)).toEqual([])
    expect(rules(worker(both), by + 1, fleet)).toEqual(['online though dead'])
  })

  it('is right until the end of a grace that was told', () => {
    const both = { worker: dead, supervisor: dead }
    const graces = [{ from: 12_000, to: 30_000 }]
    expect(rules(worker(both), 30_000 + promised.late, { backend: [], graces })).toEqual([])
    expect(rules(worker(both), 30_001 + promised.late, { backend: [], graces })).toEqual([
      'online though dead',
    ])
  })

  it('by a machine that sleeps is right until it is stale', () => {
    const asleep = { frozen: [{ from: 10_000 }] }
    const by = 10_000 + staleThresholdMs + promised.late
    expect(rules(worker({ worker: asleep, supervisor: asleep }), by)).toEqual([])
    expect(rules(worker({ worker: asleep, supervisor: asleep }), by + 1)).toEqual(['online though silent'])
  })

  it('by a worker alone that stands still has to be called hung', () => {
    const history = worker({ worker: { frozen: [{ from: 10_000 }] } })
    const by = 10_000 + supervisorTimes.pingMs * (supervisorTimes.pings.hungAfter + 1) + promised.crashed
    expect(rules(history, by)).toEqual([])
    expect(rules(history, by + 1)).toEqual(['not shown as hung'])
    const hung = { ...online(by - 500), phase: 'hung' }
    expect(rules({ ...history, claims: [online(1_000, by - 500), hung] }, by + 1_000)).toEqual([])
  })

  it('after it was told to stop is right for a second', () => {
    const by = 20_000 + promised.stopped
    expect(rules(worker({ askedAt: 20_000 }), by)).toEqual([])
    expect(rules(worker({ askedAt: 20_000 }), by + 1)).toEqual(['online though stopped'])
  })

  it('by a process that nobody has seen is wrong', () => {
    const claims: Claim[] = [{ from: 1_000, status: 'online', pid: 99, epoch: 1 }]
    expect(rules(worker({}, claims), 2_001)).toEqual(['unknown process'])
  })
})

describe('offline', () => {
  const lost = [online(1_000, 50_000), offline(50_000, 'stale')]

  it('while the process lives and nothing is wrong is wrong', () => {
    expect(rules(worker({}, lost), 51_000)).toEqual(['offline though alive'])
  })

  it.each([
    ['a cut network', { network: [{ from: 45_000, network: 'cut' as const }] }],
    ['a revocation', { revokedAt: 49_000 }],
  ])('is right with %s', (_name, others) => {
    expect(rules(worker({}, lost, others), 60_000).filter((rule) => rule.startsWith('offline'))).toEqual([])
  })

  it('is right after a bad network for as long as coming back may take', () => {
    const network = [{ from: 45_000, to: 55_000, network: 'cut' as const }]
    const back = 55_000 + promised.recovered
    expect(rules(worker({}, lost, { network }), back)).toEqual([])
    expect(rules(worker({}, lost, { network }), back + 1_000)).toEqual(['offline though alive'])
  })

  it('is right while a process starts, for as long as that may take', () => {
    const claims: Claim[] = [{ from: 0, status: 'offline', epoch: 0 }]
    expect(rules(worker({}, claims), bounds.started)).toEqual([])
    expect(rules(worker({}, claims), bounds.started + 1_000)).toEqual(['offline though alive'])
  })
})

describe('the order of statuses', () => {
  it.each(['shutdown', 'crashed', 'superseded', 'revoked'])(
    'has no way back from %s in one run',
    (reason) => {
      const claims = [online(1_000, 20_000), offline(20_000, reason, 21_000), online(21_000)]
      expect(rules(worker({ askedAt: 19_999 }, claims), 21_500)).toContain('brought back to life')
    },
  )

  it('has one from a silence', () => {
    const asleep = { frozen: [{ from: 10_000, to: 20_000 }] }
    const claims = [online(1_000, 14_000), offline(14_000, 'stale', 21_000), online(21_000)]
    expect(rules(worker({ worker: asleep, supervisor: asleep }, claims), 40_000)).toEqual([])
  })

  it('never goes back to an earlier run', () => {
    const claims = [{ ...online(1_000, 2_000), epoch: 2 }, online(2_000)]
    expect(rules(worker({}, claims), 3_000)).toEqual(['epoch went back'])
  })
})
