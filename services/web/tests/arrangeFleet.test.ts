import { describe, expect, test } from 'vitest'
import { arrangeFleet, type Folds } from '../src/fleet/list/arrangeFleet'
import { addressOf, everything, isNarrowed, parseView, type FleetView } from '../src/fleet/list/FleetView'
import type { WorkerView } from '../src/presence/WorkerView'
import { aMachine, anOfflineWorker, aWorker, NOON } from './aWorker'

const named = (name: string, worker: WorkerView = aWorker()) => ({
  ...worker,
  name,
  id: name as typeof worker.id,
})
const crashed = named('zeta', anOfflineWorker({ reason: 'crashed', evidence: {} }))
const stopped = named('beta', anOfflineWorker({ reason: 'shutdown', evidence: {} }))
const waiting = named('yota', aWorker({ approval: 'pending', status: 'offline' }))
const ready = named('worker 10')
const busy = named('worker 9', aWorker({ phase: 'busy', statusChangedAt: NOON + 1 }))

const fleet = [
  aMachine('delta', [ready]),
  aMachine('alpha', []),
  aMachine('omega', [busy, waiting]),
  aMachine('sigma', [stopped, crashed]),
]

/** The lines as a person reads them: sections by their name, workers indented, forms and notes in brackets. */
function lines(view: Partial<FleetView> = {}, folds: Partial<Folds> = {}, machines = fleet): string[] {
  const none: ReadonlySet<string> = new Set()
  const items = arrangeFleet(machines, { ...everything, ...view }, { folded: none, adding: none, ...folds })
  return items.map((item) => {
    switch (item.kind) {
      case 'machine':
        return `${item.machine.name}${item.isOpen ? '' : ' …'}`
      case 'status':
        return `${item.count} ${item.word}${item.isOpen ? '' : ' …'}`
      case 'worker':
        return `  ${item.worker.name}${item.of === undefined ? '' : ` of ${item.of}`}`
      case 'adding':
      case 'none':
        return `[${item.kind} ${item.machine.name}]`
    }
  })
}

describe('the order', () => {
  test('trouble first: machines by their worst worker, red before amber, then everybody by name', () => {
    expect(lines()).toEqual([
      ...['sigma', '  zeta', '  beta'],
      ...['omega', '  yota', '  worker 9'],
      ...['alpha', '[none alpha]'],
      ...['delta', '  worker 10'],
    ])
  })

  test('by name, whatever the trouble', () => {
    expect(lines({ order: 'name' })).toEqual([
      ...['alpha', '[none alpha]', 'delta', '  worker 10'],
      ...['omega', '  worker 9', '  yota', 'sigma', '  beta', '  zeta'],
    ])
  })

  test('by the last change', () => {
    expect(lines({ order: 'change' }).slice(0, 3)).toEqual(['omega', '  worker 9', '  yota'])
  })

  test('by status: the worst one first, each worker with its machine', () => {
    expect(lines({ group: 'status' })).toEqual([
      ...['1 crashed', '  zeta of sigma', '1 waiting', '  yota of omega'],
      ...['1 busy', '  worker 9 of omega', '1 ready', '  worker 10 of delta', '1 offline', '  beta of sigma'],
    ])
  })
})

describe('narrowed', () => {
  test('by words in names, hosts and directories, all of which have to be there', () => {
    expect(lines({ find: 'WORKER' })).toEqual(['omega', '  worker 9', 'delta', '  worker 10'])
    expect(lines({ find: ' worker  omega ' })).toEqual(['omega', '  worker 9'])
    expect(lines({ find: 'build-03 /src zeta' })).toEqual(['sigma', '  zeta'])
    expect(lines({ find: 'nobody' })).toEqual([])
  })

  test('by status, open even where it was folded', () => {
    expect(lines({ status: 'crashed' }, { folded: new Set(['machine sigma']) })).toEqual(['sigma', '  zeta'])
  })
})

describe('folds and forms', () => {
  test('a folded machine keeps its line, a folded status its count', () => {
    const one = [aMachine('delta', [ready])]
    expect(lines({}, { folded: new Set(['machine delta']) }, one)).toEqual(['delta …'])
    const folded = new Set(['status ready'])
    expect(lines({ group: 'status' }, { folded }, one)).toEqual(['1 ready …'])
  })

  test('a form stays, whatever is folded, looked for or grouped: it may show a token', () => {
    const adding = new Set(['alpha'])
    expect(lines({ find: 'nobody' }, { adding })).toEqual(['alpha', '[adding alpha]'])
    expect(lines({}, { adding, folded: new Set(['machine alpha']) })).toContain('[adding alpha]')
    expect(lines({ group: 'status' }, { adding })[0]).toBe('[adding alpha]')
  })
})

describe('the address', () => {
  test('says what is not as usual, and nothing else', () => {
    expect(addressOf(everything)).toBe('/')
    const view: FleetView = { find: 'a&b', status: 'crashed', group: 'status', order: 'name' }
    expect(addressOf(view)).toBe('/?find=a%26b&status=crashed&group=status&order=name')
    expect(parseView('find=a%26b&status=crashed&group=status&order=name')).toEqual(view)
  })

  test('with what there is not, it is as usual', () => {
    expect(parseView('status=happy&group=colour&order=')).toEqual(everything)
    expect(isNarrowed(everything)).toBe(false)
    expect(isNarrowed({ ...everything, find: ' ' })).toBe(false)
    expect(isNarrowed({ ...everything, status: 'busy' })).toBe(true)
  })
})
