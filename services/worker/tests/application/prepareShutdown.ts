import { vi } from 'vitest'
import type { ShutdownHook } from '../../src/application/ShutdownHook'
import { ShutdownHandler, type ShutdownOptions } from '../../src/application/stateHandlers/ShutdownHandler'
import type { Reply } from '../../src/infrastructure/convex/reply'
import { silent } from '../setup'

/** Of the watchdog; milliseconds. */
export const TIMEOUT = 10_000
export const ok: Reply<null> = { kind: 'ok', value: null }
export const unreachable: Reply<null> = { kind: 'unreachable', reason: 'ECONNREFUSED' }

/** Never ends by itself; ends when its budget is over if it is told of it. */
export function hang<T>(signal?: AbortSignal, answer?: T): Promise<T> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(answer as T)))
}

export function hookOf(name: string, run: ShutdownHook['run'], budgetMs?: number): ShutdownHook {
  return { name, run, budgetMs }
}

/** A handler whose steps are noted, with the milliseconds after its making. Needs fake timers. */
export function prepareShutdown(options: Partial<ShutdownOptions> = {}) {
  const steps: { step: string; at: number }[] = []
  const note = (step: string) => steps.push({ step, at: performance.now() - from })
  const from = performance.now()
  const goOffline = vi.fn<ShutdownOptions['gateway']['goOffline']>(() => {
    note('offline')
    return Promise.resolve(ok)
  })
  const forced = new AbortController()
  const handler = new ShutdownHandler({
    request: { kind: 'asked', cause: 'SIGTERM' },
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
      [
        hookOf('noted', () => {
          note('hook')
          return Promise.resolve()
        }),
      ],
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
