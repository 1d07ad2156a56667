import type { DetectorState } from './judgeDetector'

/** An answer, and how many times the client had connected when it came. */
export interface DetectorAnswer {
  state: DetectorState
  connection: number
}

/**
 * Whether an answer was made just now: it says something new on a connection that had answered before, so a sweep has just
 * re-run the query. The first answer of a connection, and one that is sent again, may come from a cache.
 */
export function isFreshAnswer(previous: DetectorAnswer | undefined, next: DetectorAnswer): boolean {
  if (previous?.connection !== next.connection) return false
  return (
    previous.state.lastRunAt !== next.state.lastRunAt || previous.state.nextRunAt !== next.state.nextRunAt
  )
}
