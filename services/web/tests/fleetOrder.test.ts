import { expect, test } from 'vitest'
import { countStatuses } from '../src/presence/countStatuses'
import { machinesTroubleFirst, workersTroubleFirst } from '../src/presence/troubleFirst'
import { aMachine, anOfflineWorker, aWorker } from './aWorker'

const crashed = { ...anOfflineWorker({ reason: 'crashed', evidence: {} }), name: 'zeta' }
const stopped = { ...anOfflineWorker({ reason: 'shutdown', evidence: {} }), name: 'beta' }
const waiting = { ...aWorker({ approval: 'pending', status: 'offline' }), name: 'yota' }
const ready = { ...aWorker(), name: 'worker 10' }
const busy = { ...aWorker({ phase: 'busy' }), name: 'worker 9' }

test('workers: red, then amber, then everybody by name', () => {
  const names = workersTroubleFirst([ready, stopped, waiting, busy, crashed]).map(({ name }) => name)
  expect(names).toEqual(['zeta', 'yota', 'beta', 'worker 9', 'worker 10'])
})

test('machines: by their worst worker, then by name; an empty one is no trouble', () => {
  const machines = [
    aMachine('delta', [ready]),
    aMachine('alpha', []),
    aMachine('omega', [busy, waiting]),
    aMachine('sigma', [ready, crashed]),
  ]
  expect(machinesTroubleFirst(machines).map(({ name }) => name)).toEqual(['sigma', 'omega', 'alpha', 'delta'])
})

test('the summary counts by word and leaves out what nobody is', () => {
  const machines = [aMachine('a', [ready, crashed]), aMachine('b', [busy, { ...ready, name: 'other' }])]
  expect(countStatuses(machines)).toEqual([
    { word: 'ready', count: 2 },
    { word: 'busy', count: 1 },
    { word: 'crashed', count: 1 },
  ])
})
