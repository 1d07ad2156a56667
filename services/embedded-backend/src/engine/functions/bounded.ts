import { frames, type Frame } from './Frame'
import { FunctionFailure } from './FunctionFailure'

const SECOND = 1_000
/** Queries and mutations only wait for the store: one that takes this long waits for something that never comes. */
const TRANSACTION_TIMEOUT_MS = 30 * SECOND
const ACTION_TIMEOUT_MS = 600 * SECOND
/** Taken before a test's clock can be in their place: what it skips is no time that a function took. */
const { setTimeout, clearTimeout } = globalThis

/** Runs `call` as `frame`, and ends the frame with it: syscalls of what was left running are refused. */
export async function bounded<T>(frame: Frame, call: () => Promise<T>): Promise<T> {
  const limitMs =
    frame.kind === 'query' || frame.kind === 'mutation' ? TRANSACTION_TIMEOUT_MS : ACTION_TIMEOUT_MS
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const message = `Function execution timed out (maximum duration ${limitMs / SECOND} s)`
    timer = setTimeout(() => reject(new FunctionFailure(message)), limitMs)
  })
  try {
    return await Promise.race([frames.run(frame, call), timeout])
  } finally {
    clearTimeout(timer)
    frame.ended = true
  }
}
