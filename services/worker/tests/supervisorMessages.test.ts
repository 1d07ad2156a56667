import { describe, expect, it } from 'vitest'
import { parseSupervisorMessage, parseWorkerMessage } from '../src/supervisorMessages'

const incarnation = {
  type: 'incarnation',
  backendUrl: 'http://127.0.0.1:1',
  workerId: 'w',
  epoch: 3,
  key: 'k',
  staleThresholdMs: 90_000,
}

describe('the channel between supervisor and worker', () => {
  it.each([{ type: 'ping' }, { type: 'stop', cause: 'SIGHUP' }, { type: 'stop', cause: 'launcher-gone' }])(
    'carries $type ($cause) to the worker',
    (message) => {
      expect(parseSupervisorMessage(message)).toEqual(message)
    },
  )

  it.each([
    { type: 'listening' },
    { type: 'pong' },
    { type: 'stopping', restart: false },
    { type: 'stopping', restart: true },
    incarnation,
  ])('carries $type to the supervisor', (message) => {
    expect(parseWorkerMessage(message)).toEqual(message)
  })

  it.each([undefined, null, 'ping', {}, { type: 'stop', cause: 'SIGKILL' }, { type: 'stop' }])(
    'ignores %j at the worker',
    (message) => {
      expect(parseSupervisorMessage(message)).toBeUndefined()
    },
  )

  it.each([
    null,
    'pong',
    { type: 'stop' },
    { type: 'stopping' },
    { ...incarnation, epoch: '3' },
    { type: 'incarnation' },
  ])('ignores %j at the supervisor', (message) => {
    expect(parseWorkerMessage(message)).toBeUndefined()
  })
})
