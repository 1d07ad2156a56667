import { expect, test } from 'vitest'
import { describeEvent } from '../src/presence/describeEvent'
import { sentenceText } from '../src/presence/Sentence'
import type { WorkerEvent } from '../src/presence/WorkerView'
import { NOON } from './aWorker'

function lines(what: WorkerEvent['what'], noticedBy: WorkerEvent['noticedBy']): [string, string] {
  const event = { id: 'e1' as WorkerEvent['id'], epoch: 3, at: NOON, noticedBy, what }
  const { shape, title, evidence } = describeEvent(event)
  return [`${shape} ${sentenceText(title, NOON + 60_000)}`, evidence.join(' · ')]
}

test('came online', () => {
  expect(lines({ kind: 'online' }, 'worker')).toEqual([
    '● Came online 1 min ago',
    'run 3 · told by the worker itself',
  ])
})

test('recovered, with the gap', () => {
  expect(lines({ kind: 'recovered', gapMs: 125_000 }, 'worker')[1]).toContain('silent for 2 min')
})

test('lost: since its last heartbeat, not since it was noticed', () => {
  const what = { kind: 'offline', reason: 'stale', lastHeartbeatAt: NOON - 91_000, evidence: {} } as const
  expect(lines(what, 'sweep')).toEqual([
    '◌ Not heard from since 11:58',
    'run 3 · noticed by the sweep · last heartbeat 1 min before',
  ])
})

test('crashed, with all that is known', () => {
  const evidence = { exitCode: 137, signal: 'SIGKILL' }
  const what = { kind: 'offline', reason: 'crashed', lastHeartbeatAt: NOON - 4000, evidence } as const
  expect(lines(what, 'supervisor')).toEqual([
    '✕ Killed (SIGKILL) 1 min ago',
    'run 3 · seen by its supervisor · exit code 137 · signal SIGKILL · last heartbeat 4 s before',
  ])
})

test.each([
  [0.4, '1 ms'],
  [40.9, '40 ms'],
  [61_000, '1 min'],
])('how long its supervisor knew before it could tell: %d ms', (noticedAfterMs, words) => {
  const evidence = { signal: 'SIGKILL', noticedAfterMs }
  const what = { kind: 'offline', reason: 'crashed', lastHeartbeatAt: 0, evidence } as const
  expect(lines(what, 'supervisor')[1]).toBe(
    `run 3 · seen by its supervisor · reported ${words} after it ended · signal SIGKILL`,
  )
})
