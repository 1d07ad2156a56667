/** From when it is counted: to when an open page shows it, but for `return`, to when the worker's heartbeat is counted again. */
type Since = 'death' | 'last heartbeat' | 'waking' | 'return'

/** What was measured of one way to die, or to come back. Milliseconds. */
export interface Detection {
  name: string
  /** For a person. */
  what: string
  since: Since
  promisedMs: number
  samples: number[]
  /** What was shown that should not have been, or not shown at all, and what was left running. */
  faults: string[]
}

/** Whether every run kept the promise. */
export function holds({ samples, promisedMs, faults }: Detection): boolean {
  return samples.length > 0 && faults.length === 0 && samples.every((ms) => ms <= promisedMs)
}
