import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { parseWorkerToken, settingRanges, type WorkerToken } from '@rollcall/backend/contract'
import * as z from 'zod'

const { shutdownTimeoutMs: SHUTDOWN_MS } = settingRanges

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const formats = ['json', 'pretty'] as const

type LogLevel = (typeof levels)[number]
type LogFormat = (typeof formats)[number]

export interface LogConfig {
  level: LogLevel
  format: LogFormat
  /** Whether a person reads it in colours. */
  isTerminal: boolean
}

export interface WorkerConfig {
  backendUrl: string
  token: WorkerToken
  /** Where opencode works; exists. */
  directory: string
  opencodeBin: string | undefined
  /** Milliseconds; overrides the deployment's setting. */
  shutdownTimeoutMs: number | undefined
  /** Configuration for opencode, merged over its files (opencode's own variable for it). */
  opencodeConfig: Record<string, unknown> | undefined
  /** Modules with shutdown hooks, in their order; files that exist. */
  shutdownHooks: string[]
  /** The health endpoint's; 0: any free one. */
  healthPort: number
  log: LogConfig
  /** The environment for opencode: this process's own, without our secret. */
  opencodeEnv: Record<string, string>
}

export type ConfigOutcome =
  | { kind: 'valid'; config: Readonly<WorkerConfig> }
  /** One sentence per mistake. `log` is what could be read of the log settings, to report them with. */
  | { kind: 'invalid'; mistakes: string[]; log: LogConfig }

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isFile(path)
  } catch {
    return false
  }
}

const backendUrl = z
  .string({
    error: 'is not set: give the URL of the Convex deployment, like https://happy-otter-123.convex.cloud',
  })
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    error: 'must be a URL that begins with https:// or http://',
  })
  .refine((text) => !URL.canParse(text) || !new URL(text).hostname.endsWith('.convex.site'), {
    error: 'ends with .convex.site, which serves HTTP actions: use the address that ends with .convex.cloud',
  })
  .transform((text) => text.replace(/\/+$/, ''))

const token = z
  .string({ error: 'is not set: make a worker on the page and paste its token' })
  .transform((text, ctx) => {
    const parsed = parseWorkerToken(text)
    if (parsed) return parsed
    ctx.addIssue({
      code: 'custom',
      message: 'is malformed: it has the form machine_<id>:worker_<id>:secret_<secret>, paste it whole',
    })
    return z.NEVER
  })

const logLevel = z.enum(levels, { error: `must be one of ${levels.join(', ')}` })
const logFormat = z.enum(formats, { error: 'must be json or pretty' })

const portRule = 'must be a port number from 0 to 65535 (0: any free one)'
const port = z
  .string()
  .regex(/^\d+$/, portRule)
  .transform(Number)
  .refine((value) => value <= 65_535, portRule)

const opencodeConfig = z
  .string()
  .transform((text, ctx) => {
    try {
      return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
    } catch {
      ctx.addIssue({ code: 'custom', message: 'must be a JSON object' })
      return z.NEVER
    }
  })
  .optional()

/** Paths as in PATH: separated by a colon (a semicolon on Windows), relative to this process's folder. */
const shutdownHooks = z.string().transform((text, ctx) => {
  const given = text.split(delimiter).filter((path) => path.trim() !== '')
  const paths = given.map((path) => resolve(path))
  for (const path of paths.filter((each) => !isFile(each))) {
    ctx.addIssue({ code: 'custom', message: `names ${path}, which is not a file` })
  }
  return paths
})

/** What the worker's process reads of its environment. */
export const workerEnvironment = z.object({
  CONVEX_URL: backendUrl,
  WORKER_TOKEN: token,
  WORKER_DIRECTORY: z
    .string()
    .optional()
    .transform((path) => resolve(path ?? '.'))
    .refine(isDirectory, { error: 'must be a folder that exists' }),
  OPENCODE_BIN: z
    .string()
    .transform((path) => resolve(path))
    .refine(isExecutable, { error: 'must be the path of an executable opencode' })
    .optional(),
  OPENCODE_CONFIG_CONTENT: opencodeConfig.meta({
    description: 'configuration for opencode, over its files; opencode’s own variable for it',
    unset: 'none',
  }),
  SHUTDOWN_TIMEOUT_MS: z
    .string()
    .transform(Number)
    .refine((ms) => Number.isInteger(ms) && ms >= SHUTDOWN_MS.least && ms <= SHUTDOWN_MS.most, {
      error: `must be a whole number of milliseconds from ${SHUTDOWN_MS.least} to ${SHUTDOWN_MS.most}`,
    })
    .optional(),
  SHUTDOWN_HOOKS: shutdownHooks.optional(),
  ROLLCALL_HEALTH_PORT: port.default(0),
  LOG_LEVEL: logLevel.default('info'),
  LOG_FORMAT: logFormat.optional(),
})

/**
 * Reads the worker's configuration from `env`; a variable that is set but empty counts as not set. `isTerminal` chooses the
 * log format where LOG_FORMAT does not.
 */
export function readConfig(env: NodeJS.ProcessEnv, { isTerminal }: { isTerminal: boolean }): ConfigOutcome {
  const set = Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  )
  const format = isTerminal && set['NODE_ENV'] !== 'production' ? 'pretty' : 'json'
  const parsed = workerEnvironment.safeParse(set)
  if (!parsed.success) {
    return {
      kind: 'invalid',
      mistakes: parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`),
      log: {
        level: logLevel.catch('info').parse(set['LOG_LEVEL']),
        format: logFormat.catch(format).parse(set['LOG_FORMAT']),
        isTerminal,
      },
    }
  }
  const { data } = parsed
  const opencodeEnv = Object.fromEntries(Object.entries(set).filter(([name]) => name !== 'WORKER_TOKEN'))
  return {
    kind: 'valid',
    config: Object.freeze({
      backendUrl: data.CONVEX_URL,
      token: data.WORKER_TOKEN,
      directory: data.WORKER_DIRECTORY,
      opencodeBin: data.OPENCODE_BIN,
      opencodeConfig: data.OPENCODE_CONFIG_CONTENT,
      shutdownHooks: data.SHUTDOWN_HOOKS ?? [],
      healthPort: data.ROLLCALL_HEALTH_PORT,
      shutdownTimeoutMs: data.SHUTDOWN_TIMEOUT_MS,
      log: { level: data.LOG_LEVEL, format: data.LOG_FORMAT ?? format, isTerminal },
      opencodeEnv,
    }),
  }
}
