import { destination, pino, type Logger } from 'pino'
import type { Config } from './config'

/** Logs to standard output, one line a fact. The pretty printer is loaded only where it is wanted. */
export async function createLogger({ logLevel, logFormat }: Config): Promise<Logger> {
  const options = { level: logLevel, base: {} }
  if (logFormat === 'json') {
    const output = destination({ fd: 1, sync: true })
    output.on('error', () => undefined)
    return pino(options, output)
  }
  const { default: pretty } = await import('pino-pretty')
  const output = pretty({
    sync: true,
    destination: 1,
    singleLine: true,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
  })
  output.on('error', () => undefined)
  return pino(options, output)
}
