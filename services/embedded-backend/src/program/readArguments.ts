import { readFileSync } from 'node:fs'
import { parseArgs, parseEnv } from 'node:util'
import * as z from 'zod'
import { EmbeddedBackendError } from '../errors'

export const usage = `Runs a folder of Convex functions on this computer.

  node services/embedded-backend/dist/main.js --functions DIR --data DIR [options]

  --functions DIR          the convex/ folder to run
  --data DIR               where documents, environment variables and the admin key are kept
  --port N                 port for API and page (default 3210; 0 takes any free one)
  --host NAME              address to listen on (default 127.0.0.1)
  --page DIR               built page to serve at /
  --page-dev-server URL    development server to pass page requests on to
  --env NAME=VALUE         environment variable for the functions, if not set yet (repeatable)
  --env-file FILE          the same, out of a file
  --watch                  load the functions again when they change
  --lifeline               stop when standard input ends
  --help                   this text

  LOG_LEVEL (default info) and LOG_FORMAT=json|pretty say how it logs.
`

const DEFAULT_PORT = '3210'

const flags = {
  functions: { type: 'string' },
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  page: { type: 'string' },
  'page-dev-server': { type: 'string' },
  env: { type: 'string', multiple: true },
  'env-file': { type: 'string' },
  watch: { type: 'boolean' },
  lifeline: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const folder = (flag: string) =>
  z.string({ error: `${flag} DIR is missing` }).min(1, `${flag} DIR is missing`)

const options = z
  .object({
    functions: folder('--functions'),
    data: folder('--data'),
    port: z
      .string()
      .default(DEFAULT_PORT)
      .refine(
        (port) => /^\d+$/.test(port) && Number(port) <= 65_535,
        '--port must be a number from 0 to 65535',
      )
      .transform(Number),
    host: z.string().min(1, '--host must not be empty').default('127.0.0.1'),
    page: z.string().min(1, '--page must not be empty').optional(),
    'page-dev-server': z
      .url({ protocol: /^http$/, error: '--page-dev-server must be an http:// address' })
      .optional(),
    env: z.array(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*=/, '--env must be NAME=VALUE')).default([]),
    'env-file': z.string().optional(),
    watch: z.boolean().default(false),
    lifeline: z.boolean().default(false),
  })
  .refine((given) => given.page === undefined || given['page-dev-server'] === undefined, {
    error: 'Give either --page or --page-dev-server',
  })

export interface ProgramOptions {
  functionsDir: string
  dataDir: string
  port: number
  host: string
  page: { folder: string } | { devServer: string } | undefined
  env: Record<string, string>
  watch: boolean
  lifeline: boolean
}

/** `argv` without node and program. Throws EmbeddedBackendError BAD_OPTION that names every mistake. */
export function readArguments(argv: string[]): { kind: 'help' } | { kind: 'run'; options: ProgramOptions } {
  const values = parseFlags(argv)
  if (values.help) return { kind: 'help' }
  const parsed = options.safeParse(values)
  if (!parsed.success) throw badOption(parsed.error.issues.map(({ message }) => message).join('; '))
  const given = parsed.data
  const devServer = given['page-dev-server']
  return {
    kind: 'run',
    options: {
      functionsDir: given.functions,
      dataDir: given.data,
      port: given.port,
      host: given.host,
      page: devServer ? { devServer } : given.page ? { folder: given.page } : undefined,
      env: { ...readEnvFile(given['env-file']), ...parseAssignments(given.env) },
      watch: given.watch,
      lifeline: given.lifeline,
    },
  }
}

function parseFlags(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: flags, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw badOption(error instanceof Error ? error.message : String(error))
  }
}

function parseAssignments(assignments: string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const equals = assignment.indexOf('=')
      return [assignment.slice(0, equals), assignment.slice(equals + 1)]
    }),
  )
}

function readEnvFile(file: string | undefined): Record<string, string> {
  if (file === undefined) return {}
  try {
    const entries = Object.entries(parseEnv(readFileSync(file, 'utf8')))
    return Object.fromEntries(
      entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    )
  } catch (error) {
    throw badOption(`--env-file cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function badOption(problem: string): EmbeddedBackendError {
  return new EmbeddedBackendError('BAD_OPTION', `${problem} (--help says more)`)
}
