import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ConnectingHandler } from '../../src/application/stateHandlers/ConnectingHandler'
import { OpencodeStartError } from '../../src/infrastructure/opencode/errors'
import { silent } from '../setup'
import { HandOpencode } from './HandOpencode'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const endedAtOnce = new OpencodeStartError('OPENCODE_FAILED', 'opencode ended at once.')

/** Starts come out as listed, one after another. */
function connecting(...starts: (HandOpencode | Error)[]) {
  const start = vi.fn(() => {
    const next = starts.shift()
    return next instanceof HandOpencode ? Promise.resolve(next) : Promise.reject(next ?? endedAtOnce)
  })
  const onEnded = vi.fn()
  const { signal } = new AbortController()
  const reap = () => Promise.resolve()
  return { start, onEnded, handler: new ConnectingHandler({ reap, start, onEnded, signal, logger: silent }) }
}

async function connect(handler: ConnectingHandler) {
  const outcome = handler.connect()
  await vi.runAllTimersAsync()
  return await outcome
}

it('starts an opencode that did not start the first time once more', async () => {
  const opencode = new HandOpencode()
  const { handler, start } = connecting(endedAtOnce, opencode)
  expect(await connect(handler)).toEqual({ kind: 'connected', opencode })
  expect(start).toHaveBeenCalledTimes(2)
})

it('gives up one that never started after the second time', async () => {
  const { handler, start } = connecting()
  expect(await connect(handler)).toMatchObject({ kind: 'stop', request: { cause: 'opencode-failed' } })
  expect(start).toHaveBeenCalledTimes(2)
})

it('does not try again without a binary', async () => {
  const { handler, start } = connecting(new OpencodeStartError('OPENCODE_MISSING', 'nowhere'))
  expect(await connect(handler)).toMatchObject({ kind: 'stop', request: { exitCode: 2 } })
  expect(start).toHaveBeenCalledTimes(1)
})

it('is patient with one that has run', async () => {
  const first = new HandOpencode()
  const last = new HandOpencode()
  const { handler, start, onEnded } = connecting(first, endedAtOnce, endedAtOnce, endedAtOnce, last)
  await connect(handler)
  first.die({ exitCode: null, signal: 'SIGKILL' })
  await first.exited
  expect(onEnded).toHaveBeenCalledTimes(1)
  expect(await connect(handler)).toEqual({ kind: 'connected', opencode: last })
  expect(start).toHaveBeenCalledTimes(5)
})
