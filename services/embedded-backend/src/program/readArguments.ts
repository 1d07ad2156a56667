import { readFileSync } from 'node:fs'
import { parseArgs, parseEnv } from 'node:util'
import { EmbeddedBackendError } from '../errors'
import { flags, programOptions } from './programOptions'

export interface ProgramOptions {
  functionsDir: string
  dataDir: string
  port: number
  host: string
  page: { folder: string } | { devServer: string } | undefined
  env: Record<string, string>
  holdLimitSeconds: number
  watch: boolean
  lifeline: boolean
}

/** `argv` without node and program. Throws EmbeddedBackendError BAD_OPTION that names every mistake. */
export function readArguments(argv: string[]): { kind: 'help' } | { kind: 'run'; options: ProgramOptions } {
  const values = parseFlags(argv)
  if (values.help) return { kind: 'help' }
  const parsed = programOptions.safeParse(values)
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
      holdLimitSeconds: given['hold-limit'],
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
