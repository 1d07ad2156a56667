import { expect } from 'vitest'

/** What the design promises, from the death to the page; `lateness`: beyond the stale threshold. Milliseconds. */
export const PROMISED = {
  stopped: 1_000,
  killed: 1_000,
  supervisorGone: 2_000,
  lateness: 2_000,
  waking: 2_000,
}
/** How many times that a loaded test machine is granted. */
const GRANTED = 5

/**
 * Does it, and fails if the page takes much longer than promised to show what comes of it. `duringMs`: what passes before the
 * promise begins.
 */
export async function showsWithin(
  promisedMs: number,
  cause: () => void,
  shown: () => Promise<unknown>,
  duringMs = 0,
): Promise<void> {
  const from = performance.now()
  cause()
  await shown()
  const ms = Math.round(performance.now() - from)
  const promise = `promised within ${duringMs + promisedMs} ms`
  expect(ms, `shown after ${ms} ms, ${promise}`).toBeLessThan(duringMs + promisedMs * GRANTED)
}
