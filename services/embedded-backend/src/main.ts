import { EmbeddedBackendError } from './errors'
import { createLogger } from './program/createLogger'
import { FunctionsWatcher } from './program/FunctionsWatcher'
import { LoopWatch } from './program/LoopWatch'
import { usage } from './program/programOptions'
import { readArguments } from './program/readArguments'
import { untilToldToStop } from './program/untilToldToStop'
import { startEmbeddedBackend } from './startEmbeddedBackend'

const EXIT_CONFIGURATION = 2
/** A stop that takes longer has hung. */
const STOP_TIMEOUT_MS = 8_000

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2))
  if (given.kind === 'help') {
    process.stdout.write(usage())
    return
  }
  const { watch, lifeline, holdLimitSeconds, ...options } = given.options
  const logger = createLogger(process.env, process.stdout.isTTY)
  const toldToStop = untilToldToStop({ lifeline })

  const loop = new LoopWatch(holdLimitSeconds)
  const backend = await startEmbeddedBackend({ ...options, tellsPlaces: watch, logger, began: loop.began })
  loop.start(logger)
  const { url, port } = backend
  const watcher = watch ? new FunctionsWatcher(options.functionsDir, backend.engine, logger) : null
  logger.info({ event: 'backend.ready', url, port, dataDir: options.dataDir }, `ready at ${url}`)
  process.send?.({ event: 'backend.ready', url, port })

  const reason = await toldToStop
  logger.info({ event: 'backend.stopping', reason })
  const hung = setTimeout(() => {
    logger.error({ event: 'backend.stopHung', afterMs: STOP_TIMEOUT_MS })
    process.exit(1)
  }, STOP_TIMEOUT_MS)
  await watcher?.close()
  await backend.close()
  clearTimeout(hung)
  logger.info({ event: 'backend.stopped' })
}

try {
  await main()
  process.exit(0)
} catch (error) {
  const known = error instanceof EmbeddedBackendError
  process.stderr.write(
    known ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(known ? EXIT_CONFIGURATION : 1)
}
