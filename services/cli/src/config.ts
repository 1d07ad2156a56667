import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { limits, parseWorkerToken, settingRanges } from '@rollcall/backend/contract'
import envPaths from 'env-paths'
import * as z from 'zod'
import { UsageError } from './errors'
import { paths } from './paths'

type Environment = Readonly<Record<string, string | undefined>>

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const DEFAULT_PORT = 3210
const HIGHEST_PORT = 65_535
const { shutdownTimeoutMs: SHUTDOWN_MS } = settingRanges

const portRule = `a port number from 0 to ${HIGHEST_PORT} (0: any free one)`
const port = z
  .string()
  .regex(/^\d+$/, portRule)
  .transform(Number)
  .refine((value) => value <= HIGHEST_PORT, portRule)

const rule = {
  url: 'the address of a Convex deployment, such as https://happy-animal-123.convex.cloud',
  token: 'a token as the page shows it: machine_…:worker_…:secret_…',
  name: `1 to ${limits.nameLength} characters, no control characters`,
  directory: 'a folder that exists',
  program: 'the path of an executable opencode',
  hooks: `paths of files that exist, separated by "${delimiter}"`,
  otherPort: 'another port than ROLLCALL_HEALTH_PORT',
  timeout: `a whole number of milliseconds from ${SHUTDOWN_MS.least} to ${SHUTDOWN_MS.most}`,
  level: `one of ${logLevels.join(', ')}`,
  format: 'json or pretty',
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

const areFiles = (paths: string) =>
  paths
    .split(delimiter)
    .filter((path) => path.trim() !== '')
    .every((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)

const isProgram = (path: string) => {
  try {
    accessSync(path, constants.X_OK)
    return !isFolder(path)
  } catch {
    return false
  }
}

const schema = z.object({
  ROLLCALL_DATA_DIR: z
    .string()
    .default(join(paths.repo, '.rollcall'))
    .transform((path) => resolve(path)),
  ROLLCALL_CONFIG_DIR: z
    .string()
    .default(() => envPaths('rollcall', { suffix: '' }).config)
    .transform((path) => resolve(path)),
  ROLLCALL_PORT: port.default(DEFAULT_PORT),
  ROLLCALL_HEALTH_PORT: port.optional(),
  SUPERVISOR_HEALTH_PORT: port.optional(),
  CONVEX_URL: z
    .url({ protocol: /^https?$/, error: rule.url })
    .refine(
      (url) => !/\.convex\.site\/*$/.test(url),
      'the address that ends with .convex.cloud, not .convex.site',
    )
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  CONVEX_DEPLOY_KEY: z.string().optional(),
  WORKER_TOKEN: z
    .string()
    .refine((token) => parseWorkerToken(token) !== undefined, rule.token)
    .optional(),
  WORKER_NAME: z
    .string()
    .trim()
    .min(1, rule.name)
    .max(limits.nameLength, rule.name)
    .regex(/^\P{Cc}*$/u, rule.name)
    .optional(),
  WORKER_DIRECTORY: z
    .string()
    .transform((path) => resolve(path))
    .refine(isFolder, rule.directory)
    .optional(),
  OPENCODE_BIN: z
    .string()
    .transform((path) => resolve(path))
    .refine(isProgram, rule.program)
    .optional(),
  SHUTDOWN_TIMEOUT_MS: z
    .string()
    .regex(/^\d+$/, rule.timeout)
    .refine((text) => Number(text) >= SHUTDOWN_MS.least && Number(text) <= SHUTDOWN_MS.most, rule.timeout)
    .optional(),
  SHUTDOWN_HOOKS: z.string().refine(areFiles, rule.hooks).optional(),
  LOG_LEVEL: z.enum(logLevels, rule.level).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], rule.format).optional(),
})

const consistentSchema = schema.refine(
  ({ SUPERVISOR_HEALTH_PORT: own, ROLLCALL_HEALTH_PORT: workers }) => !own || own !== workers,
  { path: ['SUPERVISOR_HEALTH_PORT'], error: rule.otherPort },
)

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
  logLevel: (typeof logLevels)[number]
  logFormat: 'json' | 'pretty'
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
  const {
    NOTIFY_SOCKET,
    WATCHDOG_USEC,
    WATCHDOG_PID: _,
    ...environment
  } = Object.fromEntries(
    Object.entries({ ...fromFile, ...options.env }).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  )
  const parsed = consistentSchema.safeParse(environment)
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
    shutdownTimeoutMs:
      values.SHUTDOWN_TIMEOUT_MS === undefined ? undefined : Number(values.SHUTDOWN_TIMEOUT_MS),
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
    if (!wrong.has(name)) wrong.set(name, `${name} must be ${message}.`)
  }
  const [first = 'The configuration is not valid.', ...rest] = wrong.values()
  return new UsageError([first, ...rest])
}
