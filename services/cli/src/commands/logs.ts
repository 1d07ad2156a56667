import { spawn } from 'node:child_process'
import type { Config } from '../config'
import { UsageError } from '../errors'
import { findServiceManager } from '../service/findServiceManager'

export interface LogsContext {
  config: Config
  follow: boolean
  /** From the end. */
  lines: number
  stop: AbortSignal
}

/** Shows the log of the installed service. Answers 0, or what the program that shows it ended with. Throws `UsageError`. */
export async function logs({ config, follow, lines, stop }: LogsContext): Promise<number> {
  const manager = findServiceManager(config.environment['XDG_CONFIG_HOME'])
  const isInstalled = manager?.unreachable() === undefined && manager?.state().isInstalled === true
  if (!isInstalled) {
    throw new UsageError([
      'No service is installed here, and `pnpm start` keeps no log: LOG_FORMAT=json pnpm start > rollcall.log, or `pnpm service install`.',
    ])
  }
  const { program, args } = manager.logCommand({ lines, follow })
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const end = () => child.kill('SIGTERM')
  stop.addEventListener('abort', end, { once: true })
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('exit', resolve)
      child.once('error', (error) => reject(new UsageError([`${program}: ${error.message}`], 1)))
    })
    return stop.aborted ? 0 : (exitCode ?? 1)
  } finally {
    stop.removeEventListener('abort', end)
  }
}
