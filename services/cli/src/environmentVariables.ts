import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { limits, parseWorkerToken, settingRanges } from '@rollcall/backend/contract'
import envPaths from 'env-paths'
import * as z from 'zod'
import { paths } from './paths'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const DEFAULT_LEVEL = 'info'
const DEFAULT_PORT = 3210
const HIGHEST_PORT = 65_535
const DATA_FOLDER = '.rollcall'
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

/**
 * What is read of the environment. A mistake's message completes "… must be". For people, of each: `description`, and in `unset`
 * what holds without it.
 */
export const environmentVariables = z.object({
  CONVEX_URL: z
    .url({ protocol: /^https?$/, error: rule.url })
    .refine(
      (url) => !/\.convex\.site\/*$/.test(url),
      'the address that ends with .convex.cloud, not .convex.site',
    )
    .transform((url) => url.replace(/\/+$/, ''))
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
  WORKER_DIRECTORY: z
    .string()
    .transform((path) => resolve(path))
    .refine(isFolder, rule.directory)
    .optional()
    .meta({ description: 'where opencode works', unset: 'the current folder' }),
  OPENCODE_BIN: z
    .string()
    .transform((path) => resolve(path))
    .refine(isProgram, rule.program)
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
  SHUTDOWN_TIMEOUT_MS: z
    .string()
    .regex(/^\d+$/, rule.timeout)
    .refine((text) => Number(text) >= SHUTDOWN_MS.least && Number(text) <= SHUTDOWN_MS.most, rule.timeout)
    .optional()
    .meta({
      description: 'how long a worker may take to drain',
      unset: 'its machine’s or the deployment’s shutdownTimeoutMs',
    }),
  SHUTDOWN_HOOKS: z.string().refine(areFiles, rule.hooks).optional().meta({
    description: 'modules with cleanups of your own, see docs/shutdown-hooks.md',
    unset: 'none',
  }),
  LOG_LEVEL: z
    .enum(logLevels, rule.level)
    .default(DEFAULT_LEVEL)
    .meta({ description: 'the least of what is logged', unset: DEFAULT_LEVEL }),
  LOG_FORMAT: z
    .enum(['json', 'pretty'], rule.format)
    .optional()
    .meta({ description: 'how it is logged', unset: 'pretty in a terminal' }),
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
