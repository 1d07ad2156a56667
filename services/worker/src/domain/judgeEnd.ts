/** How a process ended, as the operating system told. */
export interface ProcessEnd {
  exitCode: number | null
  signal: string | null
}

/** `crash`: it ended without a completed drain, which the backend has to be told. */
export type Judgement =
  | { kind: 'restart'; crash: true }
  /** `exitCode` is what the supervisor's own process shall answer. */
  | { kind: 'over'; exitCode: number; crash: boolean }

/** Drained, misconfigured, superseded, revoked, forced: the worker's own last word, see `exitCodeOf`. */
const LAST_WORDS: readonly number[] = [0, 2, 3, 4, 130]

/** What a worker's end means. What was asked to stop is never started again, however it ended. */
export function judgeEnd(
  { exitCode, signal }: ProcessEnd,
  { wasAsked, wasListening }: { wasAsked: boolean; wasListening: boolean },
): Judgement {
  if (exitCode !== null && LAST_WORDS.includes(exitCode)) return { kind: 'over', exitCode, crash: false }
  if (!wasAsked) return { kind: 'restart', crash: true }
  // It died of the very signal that asked it to stop, before there was anything to drain.
  if (signal !== null && !wasListening) return { kind: 'over', exitCode: 0, crash: false }
  return { kind: 'over', exitCode: exitCode ?? 1, crash: true }
}
