import { expect, test } from 'vitest'
import { countStatuses } from '../src/presence/countStatuses'
import { machinesTroubleFirst, workersTroubleFirst } from '../src/presence/troubleFirst'
import type { MachineView, WorkerView } from '../src/presence/WorkerView'
import { anOfflineWorker, aWorker, NOON } from './aWorker'

const crashed = { ...anOfflineWorker({ reason: 'crashed', evidence: {} }), name: 'zeta' }
const stopped = { ...anOfflineWorker({ reason: 'shutdown', evidence: {} }), name: 'beta' }
const waiting = { ...aWorker({ approval: 'pending', status: 'offline' }), name: 'yota' }
const ready = { ...aWorker(), name: 'worker 10' }
const busy = { ...aWorker({ phase: 'busy' }), name: 'worker 9' }

function machine(name: string, workers: WorkerView[]): MachineView {
  return {
    id: name as MachineView['id'],
    name,
    status: 'online',
    statusChangedAt: NOON,
    role: 'owner',
    workers,
  }
}

test('workers: red, then amber, then everybody by name', () => {
  const names = workersTroubleFirst([ready, stopped, waiting, busy, crashed]).map(({ name }) => name)
  expect(names).toEqual(['zeta', 'yota', 'beta', 'worker 9', 'worker 10'])
})

test('machines: by their worst worker, then by name; an empty one is no trouble', () => {
  const machines = [
    machine('delta', [ready]),
    machine('alpha', []),
    machine('omega', [busy, waiting]),
    machine('sigma', [ready, crashed]),
  ]
  expect(machinesTroubleFirst(machines).map(({ name }) => name)).toEqual(['sigma', 'omega', 'alpha', 'delta'])
})

test('the summary counts by word and leaves out what nobody is', () => {
  const machines = [machine('a', [ready, crashed]), machine('b', [busy, { ...ready, name: 'other' }])]
  expect(countStatuses(machines)).toEqual([
    { word: 'ready', count: 2 },
    { word: 'busy', count: 1 },
    { word: 'crashed', count: 1 },
  ])
})
