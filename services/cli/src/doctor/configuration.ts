import { readConfig, type Config } from '../config'
import { UsageError } from '../errors'
import type { Finding } from './Finding'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The configuration with every variable that is wrong left out, and what is wrong: whoever looks for mistakes must not be stopped by
 * the first. Throws what `readConfig` throws if that does not help.
 */
export function readWhatIsRight(
  options: Omit<Parameters<typeof readConfig>[0], 'env'> & { env: Environment },
): {
  config: Config
  mistakes: readonly string[]
} {
  try {
    return { config: readConfig(options), mistakes: [] }
  } catch (error: unknown) {
    if (!(error instanceof UsageError)) throw error
    const env = { ...options.env }
    // What is set to nothing counts as not set, in .env.local too.
    for (const line of error.lines) env[line.split(' ', 1)[0] ?? ''] = ''
    return { config: readConfig({ ...options, env }), mistakes: error.lines }
  }
}

const TOKEN_VARIABLE = 'WORKER_TOKEN'

/** Whether `WORKER_TOKEN` is among them: then there is no token that could be looked at. */
export function isTokenWrong(mistakes: readonly string[]): boolean {
  return mistakes.some((mistake) => mistake.startsWith(`${TOKEN_VARIABLE} `))
}

/** One finding a mistake. */
export function judgeConfiguration(
  mistakes: readonly string[],
  { convexUrl }: Pick<Config, 'convexUrl'>,
): Finding[] {
  if (mistakes.length === 0) {
    const message =
      convexUrl === undefined ? 'The embedded backend is used.' : `The deployment ${convexUrl} is used.`
    return [{ check: 'configuration', state: 'ok', message }]
  }
  return mistakes.map((message) => ({
    check: isTokenWrong([message]) ? 'token' : 'configuration',
    state: 'problem',
    message,
    cure: 'Change it where it is set: in the environment or in .env.local.',
  }))
}
