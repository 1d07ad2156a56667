import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { whatIsSet, type LogFormat, type LogLevel } from '@rollcall/worker/environment-rules'
import type * as z from 'zod'
import { consistentEnvironment } from './environmentVariables'
import { UsageError } from './errors'
import { paths } from './paths'

type Environment = Readonly<Record<string, string | undefined>>

/** See sd_notify(3). */
export interface SystemdNotify {
  socket: string
  /** Milliseconds within which it wants a sign of life; undefined if it wants none. */
  watchdogMs: number | undefined
}

/** Everything this program takes from its surroundings, read once. Times in milliseconds, paths absolute. */
export interface Config {
  dataDir: string
  /** Where tokens for deployments are kept. */
  configDir: string
  port: number
  convexUrl: string | undefined
  deployKey: string | undefined
  workerToken: string | undefined
  workerName: string | undefined
  workerDirectory: string | undefined
  /** Of the supervisor's health endpoint, which is off without one. */
  supervisorHealthPort: number | undefined
  opencodeBin: string | undefined
  /** Overrides the deployment's setting. */
  shutdownTimeoutMs: number | undefined
  /** Of the systemd that started this process and waits to be told of its state; not handed on to what is started from here. */
  notify: SystemdNotify | undefined
  logLevel: LogLevel
  logFormat: LogFormat
  /** What the processes started from here get: `.env.local` beneath the environment. */
  environment: Environment
}

/**
 * Reads and checks the environment on top of `.env.local`; a variable set to nothing counts as not set.
 * Throws `UsageError` with one line per mistake.
 */
export function readConfig(options: { env: Environment; envFile?: string; isTerminal: boolean }): Config {
  const envFile = options.envFile ?? join(paths.repo, '.env.local')
  const fromFile: Environment = existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {}
  const set = whatIsSet({ ...fromFile, ...options.env })
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID: _, ...environment } = set
  const parsed = consistentEnvironment.safeParse(environment)
  if (!parsed.success) throw mistakes(parsed.error)
  const values = parsed.data
  return Object.freeze({
    dataDir: values.ROLLCALL_DATA_DIR,
    configDir: values.ROLLCALL_CONFIG_DIR,
    port: values.ROLLCALL_PORT,
    convexUrl: values.CONVEX_URL,
    deployKey: values.CONVEX_DEPLOY_KEY,
    workerToken: values.WORKER_TOKEN?.trim(),
    workerName: values.WORKER_NAME,
    workerDirectory: values.WORKER_DIRECTORY,
    supervisorHealthPort: values.SUPERVISOR_HEALTH_PORT,
    opencodeBin: values.OPENCODE_BIN,
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT_MS,
    notify: notifyOf({ socket: NOTIFY_SOCKET, watchdogUs: WATCHDOG_USEC }),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (options.isTerminal ? 'pretty' : 'json'),
    environment,
  })
}

function notifyOf(given: {
  socket: string | undefined
  watchdogUs: string | undefined
}): SystemdNotify | undefined {
  if (given.socket === undefined) return undefined
  const watchdogMs = Number(given.watchdogUs) / 1_000
  return { socket: given.socket, watchdogMs: watchdogMs > 0 ? watchdogMs : undefined }
}

/** Values are not repeated: some are secrets, and the person can see what they typed. */
function mistakes(error: z.ZodError): UsageError {
  const wrong = new Map<string, string>()
  for (const { path, message } of error.issues) {
    const name = String(path[0])
    if (!wrong.has(name)) wrong.set(name, `${name} ${message}.`)
  }
  const [first = 'The configuration is not valid.', ...rest] = wrong.values()
  return new UsageError([first, ...rest])
}
