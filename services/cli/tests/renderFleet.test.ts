import type { Id } from '@rollcall/backend/dataModel'
import { describe, expect, it } from 'vitest'
import { changeKey, isAnyOnline, type FleetMachine, type FleetWorker } from '../src/status/Fleet'
import { markOf, renderFleet } from '../src/status/renderFleet'

const NOW = 1_700_000_000_000

const worker = (name: string, over: Partial<FleetWorker> = {}): FleetWorker => ({
  id: `worker-${name}` as Id<'workers'>,
  name,
  status: 'online',
  phase: 'ready',
  approval: 'approved',
  epoch: 3,
  offlineReason: null,
  statusChangedAt: NOW - 65_000,
  lastHeartbeatAt: NOW - 12_900,
  ...over,
})

const offline = (reason: NonNullable<FleetWorker['offlineReason']>): Partial<FleetWorker> => ({
  status: 'offline',
  phase: null,
  offlineReason: reason,
})

const machine = (name: string, workers: FleetWorker[]): FleetMachine => ({
  id: `machine-${name}` as Id<'machines'>,
  name,
  status: workers.some(({ status }) => status === 'online') ? 'online' : 'offline',
  workers,
})

const render = (...machines: FleetMachine[]) => renderFleet({ machines }, { now: NOW, colours: false })

describe('markOf', () => {
  it.each([
    [{}, '● ready'],
    [{ phase: 'busy' }, '◐ busy'],
    [{ phase: null }, '◐ starting'],
    [{ phase: 'draining' }, '◔ draining'],
    [{ phase: 'hung' }, '◍ hung'],
    [offline('shutdown'), '○ offline'],
    [offline('crashed'), '✕ crashed'],
    [offline('stale'), '◌ lost'],
    [offline('superseded'), '⊘ replaced'],
    [offline('revoked'), '⊘ revoked'],
    [{ ...offline('shutdown'), approval: 'pending' }, '◇ waiting'],
    [{ approval: 'revoked' }, '⊘ revoked'],
  ] as [Partial<FleetWorker>, string][])('%j is %s', (over, expected) => {
    const { shape, word } = markOf(worker('w', over))
    expect(`${shape} ${word}`).toBe(expected)
  })
})

describe('renderFleet', () => {
  it('says what to do where there is nothing', () => {
    expect(render()).toContain('pnpm start')
  })

  it('has trouble first, then names in their natural order', () => {
    const calm = machine('alpha', [worker('worker-10'), worker('worker-2')])
    const troubled = machine('beta', [
      worker('a'),
      worker('b', { approval: 'pending' }),
      worker('c', offline('crashed')),
    ])
    const order = [...render(calm, troubled).matchAll(/^(\w+) {2}\d|^ {2}\S \w+ +(\S+)/gm)]
    expect(order.map(([, machineName, workerName]) => machineName ?? workerName)).toEqual([
      'beta',
      'c',
      'b',
      'a',
      'alpha',
      'worker-2',
      'worker-10',
    ])
  })

  it('says since when and when it was last heard of, rounded down', () => {
    expect(render(machine('alpha', [worker('w')]))).toBe(
      'alpha  1 of 1 online\n  ● ready     w  online for 1 min, last heartbeat 12 s ago, run 3',
    )
  })

  it('does not invent a history for a worker that never ran', () => {
    const fresh = worker('w', { status: 'offline', phase: null, epoch: 0, lastHeartbeatAt: null })
    expect(render(machine('alpha', [fresh]))).toMatch(/○ offline +w {2}never started$/)
  })
})

describe('Fleet', () => {
  const fleet = (...workers: FleetWorker[]) => ({ machines: [machine('alpha', workers)] })

  it('is online while any machine is', () => {
    expect(isAnyOnline(fleet(worker('a', offline('stale')), worker('b')))).toBe(true)
    expect(isAnyOnline(fleet(worker('a', offline('stale'))))).toBe(false)
    expect(isAnyOnline({ machines: [] })).toBe(false)
  })

  it('does not count a heartbeat as a change', () => {
    const before = changeKey(fleet(worker('a')))
    expect(changeKey(fleet(worker('a', { lastHeartbeatAt: NOW })))).toBe(before)
    expect(changeKey(fleet(worker('a', { phase: 'busy' })))).not.toBe(before)
    expect(changeKey(fleet(worker('a', { epoch: 4 })))).not.toBe(before)
  })
})
