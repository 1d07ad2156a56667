/** Configuration, superseded, revoked, forced: the next start would end the same, or was not wanted. */
const FINAL: readonly number[] = [2, 3, 4, 130]

/** launchd knows success and failure only, and starts again after any failure: what is final has to look like success. */
export function launchdExitCode(exitCode: number): number {
  return FINAL.includes(exitCode) ? 0 : exitCode
}
