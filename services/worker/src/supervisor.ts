/**
 * The witness beside a worker: its own small program, or a small part of one. Loads no package: nothing but Node's own
 * modules, here and in whatever it imports.
 */
import type { Stream } from 'node:stream'
import { stopSignals } from './domain/stopRequest'
import { createAnswerer } from './infrastructure/health/createAnswerer'
import { HealthServer } from './infrastructure/health/HealthServer'
import { findLaunchers, isAlive } from './infrastructure/launchers'
import { Supervisor } from './supervisor/Supervisor'
import { supervisorAnswers } from './supervisor/supervisorAnswers'
import type { SupervisorLogger } from './supervisor/SupervisorLogger'
import { defaultTimes, type SupervisorTimes } from './supervisor/times'

export type { SupervisorTimes } from './supervisor/times'

/** How often the launchers are looked at; what a person notices as at once is 2 s. Milliseconds. */
const WATCH_MS = 500

export interface SuperviseOptions {
  /** What Node is given to run the worker: its file, and what has to come before. */
  program: readonly string[]
  /** The worker's whole environment (see `config.ts`). */
  env: NodeJS.ProcessEnv
  /** Streams with a file descriptor that the worker shall hold as long as it lives, from descriptor 4 on. */
  inherit?: readonly Stream[]
  /** Of the supervisor's own health endpoint on 127.0.0.1; 0: any free one; undefined: it has none. */
  healthPort?: number | undefined
  /** What differs from `defaultTimes`. */
  times?: Partial<SupervisorTimes>
  logger: SupervisorLogger
}

/**
 * Keeps a worker running until it has stopped for good, and answers its exit code: 1 if it was killed when it was asked to
 * stop. A worker that crashes is reported to the backend and started again. Meanwhile this process does not die of a stop
 * signal: it hands it on and waits. The worker is in a session of its own, so a terminal's Ctrl+C reaches it by this way only.
 */
export async function superviseWorker({
  program,
  env,
  inherit = [],
  healthPort,
  times = {},
  logger,
}: SuperviseOptions): Promise<{ exitCode: number }> {
  const supervisor = new Supervisor({ program, env, inherit, logger, times: { ...defaultTimes, ...times } })
  const health = healthPort === undefined ? undefined : openHealth(supervisor, healthPort, logger)
  const handlers = stopSignals.map((signal) => ({ signal, handler: () => supervisor.ask(signal) }))
  for (const { signal, handler } of handlers) process.on(signal, handler)
  const watch = watchLaunchers(() => {
    logger.info({ event: 'launcher.gone' }, 'what started this worker has ended: stopping')
    supervisor.ask('launcher-gone')
  })
  try {
    return { exitCode: await supervisor.run() }
  } finally {
    clearInterval(watch)
    health?.close()
    for (const { signal, handler } of handlers) process.off(signal, handler)
  }
}

/** Answers until it is closed, through every end and restart of the worker. */
function openHealth(supervisor: Supervisor, port: number, logger: SupervisorLogger): HealthServer {
  const answer = createAnswerer(
    supervisorAnswers(() => supervisor.health),
    logger,
  )
  return new HealthServer({ port, setting: 'SUPERVISOR_HEALTH_PORT', answer, logger })
}

/** Calls `onGone` once, when the first of the launchers above this process has ended. */
function watchLaunchers(onGone: () => void): NodeJS.Timeout {
  const launchers = findLaunchers()
  const watch = setInterval(() => {
    if (launchers.every(isAlive)) return
    clearInterval(watch)
    onGone()
  }, WATCH_MS)
  return watch
}
