import { exitCodes } from '@rollcall/worker/exit-codes'
import { CommanderError } from 'commander'
import { UsageError } from './errors'
import { createProgram, type CommandEnd } from './program'
import { launchdExitCode } from './service/launchdExitCode'
import { listenForStop } from './listenForStop'
import { complain, outliveReaders } from './terminal'

const stop = listenForStop()
const run: CommandEnd = { exitCode: 0, startedBy: undefined }

outliveReaders()
try {
  await createProgram(stop, run).parseAsync()
} catch (error: unknown) {
  run.exitCode = report(error)
}
process.exit(run.startedBy === 'launchd' ? launchdExitCode(run.exitCode) : run.exitCode)

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.misconfigured
  if (error instanceof UsageError) {
    for (const line of error.lines) complain(line)
    return error.exitCode
  }
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return exitCodes.failed
}
