/**
 * The worker's process: configuration, signals, crash handlers, the watchdog and the exit code. Run by the supervisor, or by
 * itself. The only file that handles signals and ends the process.
 */
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { readConfig } from './config'
import { exitCodes } from './domain/exitCodes'
import { SignalCounter } from './domain/SignalCounter'
import {
  causeOf,
  exitCodeOf,
  stopSignals,
  wantsRestart,
  type CrashCause,
  type StopRequest,
  type StopSignal,
} from './domain/stopRequest'
import { WorkerLifecycle } from './application/WorkerLifecycle'
import { toError } from './errors'
import { createLogger } from './infrastructure/logging/createLogger'
import { createOpencodeDriver } from './infrastructure/createOpencodeDriver'
import { createAnswerer } from './infrastructure/health/createAnswerer'
import { HealthServer } from './infrastructure/health/HealthServer'
import { workerAnswers } from './infrastructure/health/workerAnswers'
import { loadShutdownHooks } from './infrastructure/loadShutdownHooks'
import { parseSupervisorMessage, type WorkerMessage } from './supervisorMessages'
import { version } from './version'

/** It has a channel to a supervisor, which may be closed by now: one that was killed a moment after it had started this process. */
const isSupervised = process.send !== undefined

const outcome = readConfig(process.env, { isTerminal: process.stdout.isTTY })
if (outcome.kind === 'invalid') refuse(outcome.mistakes, createLogger(outcome.log))
const { config } = outcome
const logger = createLogger(config.log, [config.token.secret])
const loaded = await loadShutdownHooks(config.shutdownHooks)
if (loaded.kind === 'invalid') refuse(loaded.mistakes, logger)

const worker = new WorkerLifecycle({
  config,
  described: {
    hostname: hostname(),
    pid: process.pid,
    directory: config.directory,
    versions: { worker: version, node: process.versions.node },
  },
  opencode: createOpencodeDriver(config, logger),
  hooks: loaded.hooks,
  onStop: shutdown,
  onRegistered: (incarnation) => tell({ type: 'incarnation', ...incarnation }),
  logger,
})
const health = new HealthServer({
  port: config.healthPort,
  setting: 'ROLLCALL_HEALTH_PORT',
  answer: createAnswerer(
    workerAnswers(() => worker.health),
    logger,
  ),
  logger,
})

/** One line per mistake in the configuration. */
function refuse(mistakes: readonly string[], log: Logger): never {
  for (const mistake of mistakes) log.fatal({ event: 'config.invalid' }, mistake)
  process.exit(exitCodes.misconfigured)
}

/** Without a supervisor, or when it is gone, nobody has to know. */
function tell(message: WorkerMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

/** Whoever ends the process by another way than `exit`, a hook say, ends it before its goodbye: a crash, for the supervisor. */
let hasDrained = false
process.on('exit', () => {
  if (!hasDrained) process.exitCode = exitCodes.failed
})

/** The endpoint tells of a shutdown to the very end. */
function exit(code: number): never {
  hasDrained = true
  health.close()
  process.exit(code)
}

const forced = new AbortController()
let stopping: StopRequest | undefined

/** Drains once, whoever asks first; the watchdog ends what does not end. */
function shutdown(request: StopRequest): void {
  if (stopping) {
    if (wantsRestart(stopping)) forgoRestart(request)
    return
  }
  stopping = request
  // Only a crash is something that another process of the same worker may do better.
  if (request.kind !== 'crashed') tell({ type: 'stopping', restart: wantsRestart(request) })
  const startedAt = performance.now()
  const timeoutMs = worker.shutdownTimeoutMs
  explain(request, timeoutMs)
  setTimeout(() => {
    const steps = worker.hangingSteps.join(', ') || 'none'
    logger.error(
      { event: 'shutdown.watchdog', step: steps, timeoutMs },
      `the shutdown was ended after ${timeoutMs} ms: this step hung: ${steps}`,
    )
    exit(exitCodes.failed)
  }, timeoutMs)
  worker.shutdown(request, forced.signal).then(
    (farewell) => {
      const ms = Math.round(performance.now() - startedAt)
      const cause = causeOf(request)
      if (farewell === 'untold') {
        logger.error(
          { event: 'shutdown.untold', cause, ms },
          'the backend could not be told; it will see by the missing heartbeats that this worker is gone',
        )
      }
      if (forced.signal.aborted) {
        logger.warn({ event: 'shutdown.forced', cause, ms }, 'stopped at once, as asked by a second signal')
        exit(exitCodes.forced)
      }
      if (wantsRestart(request) && !process.connected) {
        logger.warn({ event: 'worker.not-restarted' }, 'without a supervisor nobody starts this worker again')
      }
      logger.info({ event: 'shutdown.completed', cause, ms }, 'Graceful shutdown completed')
      exit(farewell === 'untold' ? exitCodes.failed : exitCodeOf(request))
    },
    (thrown: unknown) => {
      logger.fatal({ event: 'shutdown.failed', err: toError(thrown) }, toError(thrown).message)
      exit(exitCodes.failed)
    },
  )
}

/** The drain goes on; a reason to stop that came during one for a restart leaves it at that. */
function forgoRestart(request: StopRequest): void {
  if (request.kind === 'crashed' || wantsRestart(request)) return
  logger.info({ event: 'shutdown.restart-forgone', cause: causeOf(request) }, 'not to be started again')
  tell({ type: 'stopping', restart: false })
}

function explain(request: StopRequest, timeoutMs: number): void {
  const fields = { event: 'shutdown.started', cause: causeOf(request), timeoutMs }
  switch (request.kind) {
    case 'asked':
      logger.info(fields, `shutting down (${request.cause})`)
      break
    case 'crashed':
      logger.fatal(fields, request.message)
      break
    case 'superseded': {
      const { hostname: host, pid } = request.successor ?? { hostname: 'another machine', pid: 'unknown' }
      logger.error(
        { ...fields, event: 'worker.superseded', successor: request.successor },
        `the process on ${host} (pid ${pid}) took over with the same token; this one stops`,
      )
      break
    }
    case 'revoked':
      logger.error(
        { ...fields, event: 'worker.revoked' },
        'this worker was revoked: make a new one on the page',
      )
      break
    case 'refused':
      logger.fatal({ ...fields, event: 'worker.refused' }, request.message)
      break
    default:
      request satisfies never
  }
}

/** A bug is not survived: the same drain, reported as a crash. One during the drain leaves the drain its chance. */
function crash(cause: CrashCause, thrown: unknown): void {
  const error = toError(thrown)
  // Where, with places in the sources: for whoever works on them (`pnpm dev`).
  if (process.sourceMapsEnabled)
    logger.error({ event: 'worker.crashed', cause }, error.stack ?? error.message)
  else logger.debug({ event: 'worker.crashed', cause, err: error }, 'stack')
  if (stopping) logger.error({ event: 'shutdown.error', cause }, error.message)
  shutdown({ kind: 'crashed', cause, message: error.message.slice(0, 500), exitCode: exitCodes.failed })
}

const signals = new SignalCounter()

function onSignal(signal: StopSignal, origin: 'direct' | 'forwarded'): void {
  if (signals.count(signal, origin, performance.now()) === 'second') {
    logger.warn({ event: 'shutdown.second-signal', signal }, `${signal} again: stopping at once`)
    forced.abort()
  }
  shutdown({ kind: 'asked', cause: signal })
}

for (const signal of stopSignals) process.on(signal, () => onSignal(signal, 'direct'))
process.on('uncaughtException', (error) => crash('uncaughtException', error))
process.on('unhandledRejection', (reason) => crash('unhandledRejection', reason))
process.on('disconnect', () => shutdown({ kind: 'asked', cause: 'supervisor-gone' }))
// While the hooks were loaded nobody listened.
if (isSupervised && !process.connected) shutdown({ kind: 'asked', cause: 'supervisor-gone' })
process.on('message', (message) => {
  const told = parseSupervisorMessage(message)
  if (told?.type === 'ping') tell({ type: 'pong' })
  else if (told?.cause === 'launcher-gone') shutdown({ kind: 'asked', cause: told.cause })
  else if (told) onSignal(told.cause, 'forwarded')
})
tell({ type: 'listening' })

worker.run().catch((error: unknown) => crash('uncaughtException', error))
