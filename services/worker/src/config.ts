import { parseWorkerToken, type WorkerToken } from '@rollcall/backend/contract'
import * as z from 'zod'
import {
  DEFAULT_LEVEL,
  deploymentUrl,
  folder,
  isFile,
  logFormat,
  logLevel,
  opencodeProgram,
  pathsIn,
  port,
  shutdownTimeout,
  whatIsSet,
  type LogFormat,
  type LogLevel,
} from './environmentRules'

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

const backendUrl = z
  .string({
    error: 'is not set: give the URL of the Convex deployment, like https://happy-otter-123.convex.cloud',
  })
  .pipe(deploymentUrl)

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

const shutdownHooks = z.string().transform((text, ctx) => {
  const paths = pathsIn(text)
  for (const path of paths.filter((each) => !isFile(each))) {
    ctx.addIssue({ code: 'custom', message: `names ${path}, which is not a file` })
  }
  return paths
})

/** What the worker's process reads of its environment. */
export const workerEnvironment = z.object({
  CONVEX_URL: backendUrl,
  WORKER_TOKEN: token,
  WORKER_DIRECTORY: folder.prefault('.'),
  OPENCODE_BIN: opencodeProgram.optional(),
  OPENCODE_CONFIG_CONTENT: opencodeConfig.meta({
    description: 'configuration for opencode, over its files; opencode’s own variable for it',
    unset: 'none',
  }),
  SHUTDOWN_TIMEOUT_MS: shutdownTimeout.optional(),
  SHUTDOWN_HOOKS: shutdownHooks.optional(),
  ROLLCALL_HEALTH_PORT: port.default(0),
  LOG_LEVEL: logLevel.default(DEFAULT_LEVEL),
  LOG_FORMAT: logFormat.optional(),
})

/**
 * Reads the worker's configuration from `env`; a variable that is set but empty counts as not set. `isTerminal` chooses the
 * log format where LOG_FORMAT does not.
 */
export function readConfig(env: NodeJS.ProcessEnv, { isTerminal }: { isTerminal: boolean }): ConfigOutcome {
  const set = whatIsSet(env)
  const format = isTerminal && set['NODE_ENV'] !== 'production' ? 'pretty' : 'json'
  const parsed = workerEnvironment.safeParse(set)
  if (!parsed.success) {
    return {
      kind: 'invalid',
      mistakes: parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`),
      log: {
        level: logLevel.catch(DEFAULT_LEVEL).parse(set['LOG_LEVEL']),
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
