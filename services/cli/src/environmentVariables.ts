import { delimiter, join, resolve } from 'node:path'
import { limits, parseWorkerToken } from '@rollcall/backend/contract'
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
} from '@rollcall/worker/environment-rules'
import envPaths from 'env-paths'
import * as z from 'zod'
import { paths } from './paths'

const DEFAULT_PORT = 3210
const DATA_FOLDER = '.rollcall'

const rule = {
  token: 'must be a token as the page shows it: machine_…:worker_…:secret_…',
  name: `must be 1 to ${limits.nameLength} characters, no control characters`,
  hooks: `must be paths of files that exist, separated by "${delimiter}"`,
  otherPort: 'must be another port than ROLLCALL_HEALTH_PORT',
}

/**
 * What is read of the environment. A mistake's message goes on after the variable's name. For people, of each: `description`, and
 * in `unset` what holds without it.
 */
export const environmentVariables = z.object({
  CONVEX_URL: deploymentUrl
    .optional()
    .meta({ description: 'a Convex deployment', unset: 'the embedded backend on this machine' }),
  WORKER_TOKEN: z
    .string()
    .refine((token) => parseWorkerToken(token) !== undefined, rule.token)
    .optional()
    .meta({
      description: 'the worker’s token, as the page shows it once',
      unset: 'the one that is kept; or a code is shown to join by',
    }),
  CONVEX_DEPLOY_KEY: z.string().optional().meta({
    description: 'for status, settings, login-link and convex with CONVEX_URL',
    unset: 'none',
  }),
  WORKER_NAME: z
    .string()
    .trim()
    .min(1, rule.name)
    .max(limits.nameLength, rule.name)
    .regex(/^\P{Cc}*$/u, rule.name)
    .optional()
    .meta({ description: 'the worker’s name', unset: 'the first free of worker, worker-2 …' }),
  WORKER_DIRECTORY: folder
    .optional()
    .meta({ description: 'where opencode works', unset: 'the current folder' }),
  OPENCODE_BIN: opencodeProgram
    .optional()
    .meta({ description: 'the opencode to run', unset: 'the one that comes along' }),
  ROLLCALL_DATA_DIR: z
    .string()
    .default(join(paths.repo, DATA_FOLDER))
    .transform((path) => resolve(path))
    .meta({ description: 'the embedded backend’s folder', unset: DATA_FOLDER }),
  ROLLCALL_CONFIG_DIR: z
    .string()
    .default(() => envPaths('rollcall', { suffix: '' }).config)
    .transform((path) => resolve(path))
    .meta({
      description: 'where tokens for deployments are kept',
      unset: 'the platform’s folder for configuration',
    }),
  ROLLCALL_PORT: port
    .default(DEFAULT_PORT)
    .meta({ description: 'the embedded backend’s port, page and API', unset: `${DEFAULT_PORT}` }),
  ROLLCALL_HEALTH_PORT: port.optional().meta({
    description: 'the worker’s /healthz, /readyz and /metrics',
    unset: 'any free port of this machine, see its log',
  }),
  SUPERVISOR_HEALTH_PORT: port.optional().meta({
    description: '/healthz and /readyz of the process that watches over the worker',
    unset: 'none',
  }),
  SHUTDOWN_TIMEOUT_MS: shutdownTimeout.optional().meta({
    description: 'how long a worker may take to drain',
    unset: 'its machine’s or the deployment’s shutdownTimeoutMs',
  }),
  SHUTDOWN_HOOKS: z
    .string()
    .refine((text) => pathsIn(text).every(isFile), rule.hooks)
    .optional()
    .meta({
      description: 'modules with cleanups of your own, see docs/shutdown-hooks.md',
      unset: 'none',
    }),
  LOG_LEVEL: logLevel
    .default(DEFAULT_LEVEL)
    .meta({ description: 'the least of what is logged', unset: DEFAULT_LEVEL }),
  LOG_FORMAT: logFormat.optional().meta({ description: 'how it is logged', unset: 'pretty in a terminal' }),
})

/** What can be broken by two of them together. */
export const consistentEnvironment = environmentVariables.refine(
  ({ SUPERVISOR_HEALTH_PORT: own, ROLLCALL_HEALTH_PORT: workers }) => !own || own !== workers,
  { path: ['SUPERVISOR_HEALTH_PORT'], error: rule.otherPort },
)

/** A line for each of them, for `--help`. */
export function environmentHelp(): string {
  const all = Object.entries(environmentVariables.shape)
  const width = Math.max(...all.map(([name]) => name.length))
  return all
    .map(([name, schema]) => {
      const { description, unset } = schema.meta() ?? {}
      return `  ${name.padEnd(width)}  ${description} (default: ${String(unset)})`
    })
    .join('\n')
}
