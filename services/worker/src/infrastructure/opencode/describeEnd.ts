import type { ProcessEnd } from './types'

/** How a process ended, in a few words: `signal SIGKILL`, `exit code 7`. */
export function describeEnd({ exitCode, signal }: ProcessEnd): string {
  return signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`
}
