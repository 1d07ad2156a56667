import { setMaxListeners } from 'node:events'

/**
 * Aborts after `ms` milliseconds, with a `TimeoutError`, or with the reason of `signal` when that is aborted.
 *
 * Not `AbortSignal.any` of an `AbortSignal.timeout`: Node 20 may collect the timeout before it fires, and what waits for it then waits
 * for ever (nodejs/node#57736).
 */
export function withinTime(ms: number, signal?: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const end = (reason: unknown): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', passOn)
    controller.abort(reason)
  }
  const passOn = (): void => end(signal?.reason)
  const timer = setTimeout(() => end(new DOMException(`not done within ${ms} ms`, 'TimeoutError')), ms)
  timer.unref()
  if (signal?.aborted) passOn()
  else if (signal) {
    // Many calls may wait for one signal; each stops listening when its time is over.
    setMaxListeners(0, signal)
    signal.addEventListener('abort', passOn)
  }
  return controller.signal
}
