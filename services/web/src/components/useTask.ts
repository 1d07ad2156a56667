import { useState } from 'react'
import { wordsForError } from '../app/wordsForError'

/** One thing a person asked for: runs it once at a time and keeps what went wrong, in words. */
export function useTask<Arguments extends unknown[]>(
  task: (...args: Arguments) => Promise<void>,
): { run: (...args: Arguments) => void; isRunning: boolean; problem: string | undefined; clear: () => void } {
  const [state, setState] = useState<{ isRunning: boolean; problem?: string }>({ isRunning: false })
  const run = (...args: Arguments) => {
    if (state.isRunning) return
    setState({ isRunning: true })
    task(...args).then(
      () => setState({ isRunning: false }),
      (error: unknown) => setState({ isRunning: false, problem: wordsForError(error) }),
    )
  }
  return {
    run,
    isRunning: state.isRunning,
    problem: state.problem,
    clear: () => setState({ isRunning: false }),
  }
}
