import type { Frame } from './Frame'
import { FunctionFailure } from './FunctionFailure'

/** Queries and mutations only wait for the store: one that takes this long waits for something that never comes. */
const TRANSACTION_SECONDS = 30
const ACTION_SECONDS = 600
const SECOND_MS = 1_000
/** Taken before a test's clock can be in their place: what it skips is no time that a function took. */
const { setInterval, clearInterval } = globalThis

interface Overseen {
  /** Where it is in `overseen`. */
  place: number
  secondsLeft: number
  giveUp(): void
}

/**
 * What runs; looked at once a second, which costs less than a timer for each. No `Set`: V8 links each table that one has outgrown to the
 * next, so once the first of them is old, all that was ever in it stays until the next full collection.
 */
const overseen: Overseen[] = []
let ticker: NodeJS.Timeout | undefined

/** Resolves and rejects as `call` does; rejects when that takes longer than functions of this kind may take. */
export function withinLimit<T>(kind: Frame['kind'], call: () => Promise<T>): Promise<T> {
  const seconds = kind === 'query' || kind === 'mutation' ? TRANSACTION_SECONDS : ACTION_SECONDS
  return new Promise((resolve, reject) => {
    const message = `Function execution timed out (maximum duration ${seconds} s)`
    const giveUp = () => reject(new FunctionFailure(message))
    const entry = { place: overseen.length, secondsLeft: seconds, giveUp }
    overseen.push(entry)
    ticker ??= setInterval(tick, SECOND_MS).unref()
    call()
      .then(resolve, reject)
      .finally(() => forget(entry))
  })
}

/** The last one takes its place. */
function forget(entry: Overseen): void {
  if (overseen[entry.place] !== entry) return
  const last = overseen.pop()
  if (last === undefined || last === entry) return
  last.place = entry.place
  overseen[entry.place] = last
}

function tick(): void {
  for (const entry of [...overseen]) {
    entry.secondsLeft--
    if (entry.secondsLeft > 0) continue
    forget(entry)
    entry.giveUp()
  }
  if (overseen.length > 0) return
  clearInterval(ticker)
  ticker = undefined
}
