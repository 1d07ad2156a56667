import type { Scheduler } from '../engine/scheduler/Scheduler'

/** Taken before fake timers can be in its place. */
const realSetTimeout = globalThis.setTimeout
/** Turns of the event loop after which what is pending is taken to be due later than the test's time goes. */
const IDLE_TURNS = 20

/**
 * Lets time pass with `advanceTimers` (`vi.runAllTimers`) until nothing is scheduled that it makes due. Rejects after `maxIterations`
 * rounds of functions that scheduled more, and when the clock is exchanged meanwhile.
 */
export async function finishAllScheduledFunctions(
  scheduler: Pick<Scheduler, 'isIdle' | 'hasPending'>,
  advanceTimers: () => void,
  maxIterations = 100,
): Promise<void> {
  const clock = globalThis.setTimeout
  const advance = () => {
    if (globalThis.setTimeout !== clock) {
      throw new Error('finishAllScheduledFunctions: timers were restored or replaced meanwhile')
    }
    advanceTimers()
  }
  const isIdle = () => scheduler.isIdle
  let idleTurns = 0
  for (let i = 0; i < maxIterations; i++) {
    advance()
    if (!isIdle()) {
      idleTurns = 0
      do {
        advance()
        await oneTurn()
      } while (!isIdle())
    } else if (!scheduler.hasPending || idleTurns >= IDLE_TURNS) return
    else {
      idleTurns++
      await oneTurn()
    }
  }
  throw new Error(
    'finishAllScheduledFunctions: too many iterations. Functions schedule each other without end, or maxIterations is too small.',
  )
}

function oneTurn(): Promise<void> {
  return new Promise((resolve) => void realSetTimeout(resolve, 0))
}
