import { spawnSync } from 'node:child_process'

/** What came of a program that the system brings. */
export interface ToolOutcome {
  /** Undefined if it is not there, or did not end in time. */
  exitCode: number | undefined
  output: string
  /** The first line of what it said on standard error. */
  complaint: string
}

export type RunTool = (program: string, args: readonly string[]) => ToolOutcome

/** Long enough for a service to start or drain: systemctl waits for it. */
const TOOL_MS = 650_000

/** Runs a program to its end. */
export const runTool: RunTool = (program, args) => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: TOOL_MS })
  if (error) return { exitCode: undefined, output: '', complaint: error.message }
  return {
    exitCode: status ?? undefined,
    output: stdout.trim(),
    complaint: stderr.trim().split('\n', 1)[0] ?? '',
  }
}
