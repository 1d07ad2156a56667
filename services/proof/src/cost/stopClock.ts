import { mock } from 'node:test'

/** A round minute. */
const START_MS = 60_000_000

/** Time that stands still until it is moved, and timers that never fire: what a count schedules is not to run by itself. */
export interface StoppedClock {
  move: (ms: number) => void
  release: () => void
}

/** Must be released. */
export function stopClock(): StoppedClock {
  let now = START_MS
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now })
  return {
    move: (ms) => mock.timers.setTime((now += ms)),
    release: () => mock.timers.reset(),
  }
}
