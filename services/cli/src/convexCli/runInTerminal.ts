import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { UsageError } from '../errors'

export interface TerminalRun {
  program: string
  args: readonly string[]
  cwd: string
  env: Record<string, string | undefined>
  /** Passed on: as the signal that it was, or as SIGTERM. */
  stop: AbortSignal
}

/** A program that a signal ended has no exit code; shells answer this much more than the signal's number. */
const SIGNALLED = 128

/** Runs a program on this process's own terminal. Answers its exit code. Throws `UsageError` if it cannot be started. */
export async function runInTerminal({ program, args, cwd, env, stop }: TerminalRun): Promise<number> {
  const child = spawn(program, args, { cwd, env, stdio: 'inherit' })
  const pass = () => child.kill(signalOf(stop.reason))
  stop.addEventListener('abort', pass, { once: true })
  if (stop.aborted) pass()
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('exit', (code, signal) =>
        resolve(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal])),
      )
      child.once('error', (error) => reject(new UsageError([`${program}: ${error.message}`], 1)))
    })
  } finally {
    stop.removeEventListener('abort', pass)
  }
}

function signalOf(reason: unknown): NodeJS.Signals {
  const name = reason instanceof Error ? reason.message : ''
  return name in constants.signals ? (name as NodeJS.Signals) : 'SIGTERM'
}
