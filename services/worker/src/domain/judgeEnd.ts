import { exitCodes, lastWords } from './exitCodes'

/** How a process ended, as the operating system told. */
export interface ProcessEnd {
  exitCode: number | null
  signal: string | null
}

/** `crash`: it ended without a completed drain, which the backend has to be told. */
export type Judgement =
  | { kind: 'restart'; crash: boolean }
  /** `exitCode` is what the supervisor's own process shall answer. */
  | { kind: 'over'; exitCode: number; crash: boolean }

export interface Circumstances {
  /** It was asked to stop, or stopped for a reason that a new process would have as well. */
  wasAsked: boolean
  /** It drained in order to be started again. */
  wantsRestart: boolean
  wasListening: boolean
}

/** What a worker's end means. What was asked to stop is never started again, however it ended. */
export function judgeEnd(
  { exitCode, signal }: ProcessEnd,
  { wasAsked, wantsRestart, wasListening }: Circumstances,
): Judgement {
  if (exitCode === exitCodes.drained && wantsRestart && !wasAsked) return { kind: 'restart', crash: false }
  if (exitCode !== null && lastWords.includes(exitCode)) return { kind: 'over', exitCode, crash: false }
  if (!wasAsked) return { kind: 'restart', crash: true }
  // It died of the very signal that asked it to stop, before there was anything to drain.
  if (signal !== null && !wasListening) return { kind: 'over', exitCode: exitCodes.drained, crash: false }
  return { kind: 'over', exitCode: exitCode ?? exitCodes.failed, crash: true }
}
