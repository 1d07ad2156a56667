import { expect, test } from 'vitest'
import { countStatuses } from '../src/presence/countStatuses'
import { aMachine, anOfflineWorker, aWorker } from './aWorker'

test('the summary counts by word and leaves out what nobody is', () => {
  const crashed = anOfflineWorker({ reason: 'crashed', evidence: {} })
  const machines = [
    aMachine('a', [aWorker(), crashed]),
    aMachine('b', [aWorker({ phase: 'busy' }), aWorker()]),
  ]
  expect(countStatuses(machines)).toEqual([
    { word: 'ready', count: 2 },
    { word: 'busy', count: 1 },
    { word: 'crashed', count: 1 },
  ])
})
