import { exitCodes, lastWords } from '@rollcall/worker/exit-codes'

/** launchd knows success and failure only, and starts again after any failure: what is final has to look like success. */
export function launchdExitCode(exitCode: number): number {
  return lastWords.includes(exitCode) ? exitCodes.drained : exitCode
}
