import { pino, type Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { LogConfig } from '../../config'

const secretPaths = [
  'secret',
  'token',
  'secretHash',
  'credentials',
  'password',
  'WORKER_TOKEN',
  'authorization',
]

/**
 * The process's logger, on standard output, written synchronously so that the last line before an exit is not lost.
 * `secrets` never appear in any line, whatever field or error message they come in.
 */
export function createLogger(
  { level, format, isTerminal }: LogConfig,
  secrets: readonly string[] = [],
): Logger {
  const stdout = pino.destination({ fd: 1, sync: true })
  // A terminal that was closed must not become a crash in the middle of the drain that its SIGHUP began.
  stdout.on('error', () => {})
  // A person reads sentences; the fields are for programs, and for whoever asks for more.
  const hideObject = level !== 'debug' && level !== 'trace'
  // Formatted in this call, not by a stream behind it: a line before `process.exit` must be out when `log` returns.
  const pretty = prettyFactory({
    colorize: isTerminal,
    ignore: 'pid,hostname,name',
    translateTime: 'SYS:HH:MM:ss',
    hideObject,
    // With hidden fields there is one line anyway, and pino-pretty would leave its end out.
    singleLine: !hideObject,
  })
  const stream = format === 'json' ? stdout : { write: (line: string) => stdout.write(pretty(line)) }
  return pino(
    {
      name: 'worker',
      level,
      redact: { paths: secretPaths.flatMap((path) => [path, `*.${path}`]), censor: '[secret]' },
      hooks: {
        streamWrite: (line) => secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line),
      },
    },
    stream,
  )
}
