/**
 * What the values of environment variables have to be, for the commands and for the worker's process alike. A mistake's
 * message goes on after the variable's name: "LOG_FORMAT must be json or pretty".
 */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { settingRanges } from '@rollcall/backend/contract'
import * as z from 'zod'

const HIGHEST_PORT = 65_535
const { shutdownTimeoutMs: SHUTDOWN_MS } = settingRanges

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
export type LogFormat = z.infer<typeof logFormat>

export const DEFAULT_LEVEL = 'info' satisfies LogLevel

/** What is set; a variable that is set to nothing counts as not set. */
export function whatIsSet(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  )
}

/** Paths as in PATH: separated by a colon (a semicolon on Windows), relative to this process's folder. */
export function pathsIn(text: string): string[] {
  return text
    .split(delimiter)
    .filter((path) => path.trim() !== '')
    .map((path) => resolve(path))
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isFile(path)
  } catch {
    return false
  }
}

/** Whole, and in digits only. */
function numberFrom({ least, most }: { least: number; most: number }, rule: string) {
  return z
    .string()
    .regex(/^\d+$/, rule)
    .transform(Number)
    .refine((value) => value >= least && value <= most, rule)
}

/** Without slashes at its end. */
export const deploymentUrl = z
  .url({
    protocol: /^https?$/,
    error: 'must be the address of a Convex deployment, such as https://happy-animal-123.convex.cloud',
  })
  .refine(
    (url) => !URL.canParse(url) || !new URL(url).hostname.endsWith('.convex.site'),
    'must be the address that ends with .convex.cloud, not .convex.site',
  )
  .transform((url) => url.replace(/\/+$/, ''))

const absolutePath = z.string().transform((path) => resolve(path))

export const folder = absolutePath.refine(isFolder, 'must be a folder that exists')

export const opencodeProgram = absolutePath.refine(isProgram, 'must be the path of an executable opencode')

export const port = numberFrom(
  { least: 0, most: HIGHEST_PORT },
  `must be a port number from 0 to ${HIGHEST_PORT} (0: any free one)`,
)

/** Milliseconds. */
export const shutdownTimeout = numberFrom(
  SHUTDOWN_MS,
  `must be a whole number of milliseconds from ${SHUTDOWN_MS.least} to ${SHUTDOWN_MS.most}`,
)

export const logLevel = z.enum(logLevels, `must be one of ${logLevels.join(', ')}`)

export const logFormat = z.enum(['json', 'pretty'], 'must be json or pretty')
