import type { Logger } from 'pino'

const loggers = new Set<Logger>()

/**
 * A function that leaves a failing promise unawaited must not end the backend, as Node does by default. While at least one
 * engine is open, such promises (they belong to another realm) are logged; all others keep Node's behaviour.
 * Returns what takes the guard away again.
 */
export function guardRejections(logger: Logger): () => void {
  if (loggers.size === 0) process.on('unhandledRejection', onUnhandledRejection)
  loggers.add(logger)
  return () => {
    loggers.delete(logger)
    if (loggers.size === 0) process.off('unhandledRejection', onUnhandledRejection)
  }
}

function onUnhandledRejection(reason: unknown, promise: unknown): void {
  if (promise instanceof Promise) {
    // Without this listener Node would raise it; with others, it is theirs.
    if (process.listenerCount('unhandledRejection') === 1) throw reason
    return
  }
  for (const logger of loggers) logger.warn({ reason }, 'a function left a failing promise unawaited')
}
