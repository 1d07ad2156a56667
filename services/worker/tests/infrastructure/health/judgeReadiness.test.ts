import { describe, expect, it } from 'vitest'
import type { WorkerState } from '../../../src/domain/workerState'
import { judgeReadiness } from '../../../src/infrastructure/health/judgeReadiness'
import { healthOf } from './setup'

const request = { kind: 'asked', cause: 'SIGTERM' } as const
const shutdown = { cause: 'SIGTERM', hangingSteps: [], deadlineInMs: 9_000 }

describe('judgeReadiness', () => {
  it.each<WorkerState>([
    { name: 'ready', epoch: 1 },
    { name: 'busy', epoch: 1, prompts: 2 },
  ])('ready: $name', (state) => {
    expect(judgeReadiness(healthOf({ state }))).toEqual({ ready: true })
  })

  it.each<[WorkerState, string]>([
    [{ name: 'starting' }, 'starting: starting'],
    [{ name: 'registering' }, 'starting: registering'],
    [{ name: 'awaitingApproval', epoch: 1 }, 'starting: awaitingApproval'],
    [{ name: 'connecting', epoch: 1 }, 'starting: connecting'],
    [{ name: 'reconnecting', lost: 'opencode' }, 'reconnecting: lost its opencode'],
    [{ name: 'shuttingDown', request }, 'shuttingDown'],
    [{ name: 'stopped', farewell: 'told' }, 'stopped'],
  ])('not ready: $name', (state, why) => {
    expect(judgeReadiness(healthOf({ state }))).toEqual({ ready: false, why })
  })

  it('not ready while fenced, whatever the state', () => {
    expect(judgeReadiness(healthOf({ isFenced: true, beatAgeMs: 61_499 }))).toEqual({
      ready: false,
      why: 'fenced: no heartbeat was acknowledged for 61 s',
    })
  })

  it('not ready while its last answers are given before a drain', () => {
    expect(judgeReadiness(healthOf({ heldFor: 'stop-requested', isFenced: true }))).toEqual({
      ready: false,
      why: 'finishing its answers before it drains (stop-requested)',
    })
  })

  it('names the step of a drain, also of a fenced worker', () => {
    const state: WorkerState = { name: 'shuttingDown', request }
    expect(judgeReadiness(healthOf({ state, shutdown, isFenced: true }))).toEqual({
      ready: false,
      why: 'draining (SIGTERM)',
    })
    const hanging = { ...shutdown, hangingSteps: ['chats', 'hook 1'] }
    expect(judgeReadiness(healthOf({ state, shutdown: hanging }))).toEqual({
      ready: false,
      why: 'draining (SIGTERM), in step chats, in step hook 1',
    })
  })
})
