import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ShutdownHandler, type ShutdownOptions } from '../../src/application/stateHandlers/ShutdownHandler'
import type { StopRequest } from '../../src/domain/stopRequest'
import type { Reply } from '../../src/infrastructure/convex/reply'
import { silent } from '../setup'

const TIMEOUT = 10_000
const asked: StopRequest = { kind: 'asked', cause: 'SIGTERM' }
const ok: Reply<null> = { kind: 'ok', value: null }
const unreachable: Reply<null> = { kind: 'unreachable', reason: 'ECONNREFUSED' }

/** Never ends by itself; ends when its budget is over if it is told of it. */
function hang<T>(signal?: AbortSignal, answer?: T): Promise<T> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(answer as T)))
}

describe('ShutdownHandler', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => vi.useRealTimers())

  function prepare(options: Partial<ShutdownOptions> = {}) {
    const steps: { step: string; at: number }[] = []
    const note = (step: string) => steps.push({ step, at: performance.now() - from })
    const from = performance.now()
    const goOffline = vi.fn<ShutdownOptions['gateway']['goOffline']>(() => {
      note('offline')
      return Promise.resolve(ok)
    })
    const forced = new AbortController()
    const handler = new ShutdownHandler({
      request: asked,
      gateway: {
        beginDraining: () => {
          note('announce')
          return Promise.resolve(ok)
        },
        goOffline,
        close: () => {
          note('close')
          return Promise.resolve()
        },
      },
      chats: {
        disconnectAll: () => {
          note('chats')
          return Promise.resolve()
        },
      },
      settled: Promise.resolve(),
      hooks: [
        () => {
          note('hook')
          return Promise.resolve()
        },
      ],
      stopHeartbeats: () => note('heartbeats stop'),
      isRegistered: true,
      timeoutMs: TIMEOUT,
      forced: forced.signal,
      logger: silent,
      ...options,
    })
    return { handler, steps, note, goOffline, forced }
  }

  it('goes through its steps in order, and beats until the goodbye', async () => {
    const { handler, steps, goOffline } = prepare()
    expect(await handler.run()).toBe('told')
    expect(steps.map(({ step }) => step)).toEqual([
      'announce',
      'chats',
      'hook',
      'heartbeats stop',
      'offline',
      'close',
    ])
    expect(goOffline.mock.calls[0]?.slice(0, 2)).toEqual(['shutdown', { cause: 'SIGTERM', drainMs: 0 }])
    expect(handler.hanging).toEqual([])
  })

  it('reports a crash as one, with what was thrown', async () => {
    const { handler, goOffline } = prepare({
      request: { kind: 'crashed', cause: 'uncaughtException', message: 'a bug', exitCode: 1 },
    })
    await handler.run()
    expect(goOffline.mock.calls[0]?.slice(0, 2)).toEqual([
      'crashed',
      { cause: 'uncaughtException', drainMs: 0, message: 'a bug', exitCode: 1 },
    ])
  })

  it.each<StopRequest>([
    { kind: 'superseded', successor: undefined },
    { kind: 'revoked' },
    { kind: 'refused', message: 'unknown' },
  ])('does not touch the status when $kind', async (request) => {
    const { handler, steps } = prepare({ request })
    expect(await handler.run()).toBe('not-needed')
    expect(steps.map(({ step }) => step)).toEqual(['chats', 'hook', 'heartbeats stop', 'close'])
  })

  it('has nothing to tell before it was registered', async () => {
    const { handler, goOffline } = prepare({ isRegistered: false })
    expect(await handler.run()).toBe('not-needed')
    expect(goOffline).not.toHaveBeenCalled()
  })

  it('goes on after a step that failed', async () => {
    const { handler, steps } = prepare({
      chats: { disconnectAll: () => Promise.reject(new Error('opencode is stubborn')) },
      hooks: [() => Promise.reject(new Error('a bad hook'))],
    })
    expect(await handler.run()).toBe('told')
    expect(steps.map(({ step }) => step)).toContain('offline')
  })

  it('leaves hanging chats behind at half of the time, goes offline, and stays for the watchdog', async () => {
    const { handler, steps } = prepare({ chats: { disconnectAll: () => hang() } })
    let isOver = false
    void handler.run().then(() => (isOver = true))
    await vi.advanceTimersByTimeAsync(0.55 * TIMEOUT)
    expect(steps.find(({ step }) => step === 'offline')?.at).toBe(0.5 * TIMEOUT)
    expect(handler.hanging).toEqual(['chats'])
    await vi.advanceTimersByTimeAsync(TIMEOUT)
    expect(isOver).toBe(false)
  })

  it('says goodbye soon after the chats are saved, and stays until opencode is gone', async () => {
    let opencodeGone: () => void = () => {}
    const { handler, steps } = prepare({
      chats: {
        disconnectAll: (options) => {
          options?.onSaved?.()
          return new Promise((resolve) => (opencodeGone = resolve))
        },
      },
    })
    let isOver = false
    const farewell = handler.run().finally(() => (isOver = true))
    await vi.advanceTimersByTimeAsync(400)
    expect(steps.find(({ step }) => step === 'offline')?.at).toBe(250)
    expect(isOver).toBe(false)
    opencodeGone()
    expect(await farewell).toBe('told')
  })

  it('gives chats and hooks together no more than 60 %, so that the goodbye gets its chance', async () => {
    const { handler, steps } = prepare({
      gateway: {
        beginDraining: (_cause, _deadline, signal) => hang(signal, unreachable),
        goOffline: () => {
          steps.push({ step: 'offline', at: performance.now() - began })
          return Promise.resolve(ok)
        },
        close: () => Promise.resolve(),
      },
      chats: { disconnectAll: () => hang() },
      hooks: [() => hang(), () => hang()],
    })
    const began = performance.now()
    void handler.run()
    await vi.advanceTimersByTimeAsync(TIMEOUT)
    const offline = steps.find(({ step }) => step === 'offline')
    expect(offline?.at).toBeGreaterThan(0.6 * TIMEOUT)
    expect(offline?.at).toBeLessThan(0.71 * TIMEOUT)
  })

  it('tries to say goodbye until its budget is used, and then says that it could not', async () => {
    const goOffline = vi.fn(() => Promise.resolve(unreachable))
    const { handler } = prepare({
      gateway: {
        beginDraining: () => Promise.resolve(unreachable),
        goOffline,
        close: () => Promise.resolve(),
      },
    })
    const farewell = handler.run()
    await vi.advanceTimersByTimeAsync(TIMEOUT)
    expect(await farewell).toBe('untold')
    expect(goOffline.mock.calls.length).toBeGreaterThan(5)
  })

  it.each(['SUPERSEDED', 'INCARNATION_CLOSED'] as const)('takes %s for goodbye said', async (code) => {
    const refused: Reply<null> = { kind: 'refused', refusal: { code, message: code } }
    const { handler } = prepare({
      gateway: {
        beginDraining: () => Promise.resolve(ok),
        goOffline: () => Promise.resolve(refused),
        close: () => Promise.resolve(),
      },
    })
    expect(await handler.run()).toBe('told')
  })

  it('leaves everything but the goodbye on a second signal', async () => {
    const { handler, steps, forced } = prepare({ chats: { disconnectAll: () => hang() } })
    const farewell = handler.run()
    await vi.advanceTimersByTimeAsync(1_500)
    forced.abort()
    expect(await farewell).toBe('told')
    expect(steps.map(({ step }) => step)).toEqual(['announce', 'heartbeats stop', 'offline', 'close'])
    expect(steps.find(({ step }) => step === 'offline')?.at).toBe(1_500)
  })
})
