import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import * as z from 'zod'
import { EmbeddedBackendError } from '../errors'

/** What the embedded backend's program reads of its environment. */
export const backendEnvironment = z.object({
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], { error: 'LOG_FORMAT must be json or pretty' }).optional(),
})

const STDOUT = 1

/** Writes to standard output: readable in a terminal, JSON elsewhere. Throws EmbeddedBackendError BAD_OPTION. */
export function createLogger(env: NodeJS.ProcessEnv, isTerminal: boolean): Logger {
  const { LOG_LEVEL, LOG_FORMAT } = env
  const parsed = backendEnvironment.safeParse({
    LOG_LEVEL: LOG_LEVEL || undefined,
    LOG_FORMAT: LOG_FORMAT || undefined,
  })
  if (!parsed.success) {
    throw new EmbeddedBackendError('BAD_OPTION', parsed.error.issues.map(({ message }) => message).join('; '))
  }
  const level = parsed.data.LOG_LEVEL
  const format = parsed.data.LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json')
  const readable = { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true, destination: STDOUT }
  const destination = format === 'json' ? pino.destination({ dest: STDOUT, sync: true }) : pretty(readable)
  // A terminal that was closed, or a reader that is gone, must not keep us from stopping in order.
  destination.on('error', () => undefined)
  return pino({ level, base: { service: 'backend' } }, destination)
}
