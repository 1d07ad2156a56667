import { once } from 'node:events'
import { findLaunchers, isAlive } from '@rollcall/worker/launchers'
import { stopSignals } from '@rollcall/worker/stop-request'

/** A stop asked for while there is no worker that would have to drain. */
export interface EarlyStop {
  /** Aborted with a `StopRequested` by a signal, or when one of the launchers above this process has ended. */
  signal: AbortSignal
  /**
   * From now on somebody else acts on signals and launchers; here they only no longer end this process, which may still have
   * to clean up. A launcher that ended before the other looked is made up for by a SIGTERM to this process.
   */
  handOver(): void
}

/** As often as the worker's supervisor looks. */
const WATCH_MS = 500

/** What `EarlyStop.signal` is aborted with; the message says what asked. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested'
}

/** To be called first of all: launchers that are gone already cannot be found any more. */
export function listenForStop(): EarlyStop {
  const launchers = findLaunchers()
  const haveEnded = () => !launchers.every(isAlive)
  const controller = new AbortController()
  const stop = (cause: string) => controller.abort(new StopRequested(cause))
  for (const signal of stopSignals) process.on(signal, stop)
  const watch = setInterval(() => {
    if (haveEnded()) stop('launcher-gone')
  }, WATCH_MS)
  watch.unref()
  return {
    signal: controller.signal,
    handOver: () => {
      clearInterval(watch)
      if (haveEnded()) process.kill(process.pid, 'SIGTERM')
    },
  }
}

/** Resolves when a stop is asked for; rejects with the reason of `signal` if it is aborted for another one. */
export async function toldToStop(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
  if (!(signal.reason instanceof StopRequested)) throw signal.reason
}
