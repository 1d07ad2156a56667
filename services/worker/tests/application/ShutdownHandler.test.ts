import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StopRequest } from '../../src/domain/stopRequest'
import type { Reply } from '../../src/infrastructure/convex/reply'
import { hang, hookOf, ok, prepareShutdown, TIMEOUT, unreachable } from './prepareShutdown'

describe('ShutdownHandler', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => vi.useRealTimers())

  it('goes through its steps in order, and beats until the goodbye', async () => {
    const { handler, steps, goOffline } = prepareShutdown()
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
    const { handler, goOffline } = prepareShutdown({
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
    const { handler, steps } = prepareShutdown({ request })
    expect(await handler.run()).toBe('not-needed')
    expect(steps.map(({ step }) => step)).toEqual(['chats', 'hook', 'heartbeats stop', 'close'])
  })

  it('has nothing to tell before it was registered', async () => {
    const { handler, goOffline } = prepareShutdown({ isRegistered: false })
    expect(await handler.run()).toBe('not-needed')
    expect(goOffline).not.toHaveBeenCalled()
  })

  it('goes on after a step that failed', async () => {
    const { handler, steps } = prepareShutdown({
      chats: { disconnectAll: () => Promise.reject(new Error('opencode is stubborn')) },
      hooks: [[hookOf('bad', () => Promise.reject(new Error('a bad hook')))]],
    })
    expect(await handler.run()).toBe('told')
    expect(steps.map(({ step }) => step)).toContain('offline')
  })

  it('leaves hanging chats behind at half of the time, goes offline, and stays for the watchdog', async () => {
    const { handler, steps } = prepareShutdown({ chats: { disconnectAll: () => hang() } })
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
    const { handler, steps } = prepareShutdown({
      hooks: [],
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
    const { handler, steps } = prepareShutdown({
      gateway: {
        beginDraining: (_cause, _deadline, signal) => hang(signal, unreachable),
        goOffline: () => {
          steps.push({ step: 'offline', at: performance.now() - began })
          return Promise.resolve(ok)
        },
        close: () => Promise.resolve(),
      },
      chats: { disconnectAll: () => hang() },
      hooks: [[hookOf('one', () => hang())], [hookOf('two', () => hang())]],
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
    const { handler } = prepareShutdown({
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

  it('does not spend all of its budget on a connection that hangs', async () => {
    const goOffline = vi
      .fn<(...given: [unknown, unknown, AbortSignal]) => Promise<Reply<null>>>()
      .mockImplementationOnce((_reason, _evidence, signal) => hang(signal, unreachable))
      .mockResolvedValue(ok)
    const { handler } = prepareShutdown({
      gateway: { beginDraining: () => Promise.resolve(ok), goOffline, close: () => Promise.resolve() },
    })
    const farewell = handler.run()
    await vi.advanceTimersByTimeAsync(TIMEOUT)
    expect(await farewell).toBe('told')
    expect(goOffline).toHaveBeenCalledTimes(2)
  })

  it.each(['SUPERSEDED', 'INCARNATION_CLOSED'] as const)('takes %s for goodbye said', async (code) => {
    const refused: Reply<null> = { kind: 'refused', refusal: { code, message: code } }
    const { handler } = prepareShutdown({
      gateway: {
        beginDraining: () => Promise.resolve(ok),
        goOffline: () => Promise.resolve(refused),
        close: () => Promise.resolve(),
      },
    })
    expect(await handler.run()).toBe('told')
  })

  it('leaves everything but the goodbye on a second signal', async () => {
    const { handler, steps, forced } = prepareShutdown({ chats: { disconnectAll: () => hang() } })
    const farewell = handler.run()
    await vi.advanceTimersByTimeAsync(1_500)
    forced.abort()
    expect(await farewell).toBe('told')
    expect(steps.map(({ step }) => step)).toEqual(['announce', 'heartbeats stop', 'offline', 'close'])
    expect(steps.find(({ step }) => step === 'offline')?.at).toBe(1_500)
  })
})
