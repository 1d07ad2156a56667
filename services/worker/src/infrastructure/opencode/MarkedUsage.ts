import { findMarked, residentBytesOf } from './markedProcesses'
import type { ProcessUsage } from './types'

/** A scan of all processes is not made more often than this, however often it is asked for; milliseconds. */
const FRESH_MS = 1_000

/**
 * What the processes with one marker use: opencode and everything that it started. The guard above them is not among them:
 * it carries no marker. Looked at only when asked for.
 */
export class MarkedUsage {
  #last: { at: number; usage: ProcessUsage } | undefined

  constructor(private readonly marker: string) {}

  /** At most a second old. Undefined where the platform does not tell (Linux does). */
  read(): ProcessUsage | undefined {
    if (process.platform !== 'linux') return undefined
    const now = performance.now()
    if (!this.#last || now - this.#last.at >= FRESH_MS) this.#last = { at: now, usage: this.#scan() }
    return this.#last.usage
  }

  #scan(): ProcessUsage {
    // One that ended between the two looks has no memory any more.
    const sizes = findMarked((marker) => marker === this.marker).flatMap((pid) => residentBytesOf(pid) ?? [])
    return { count: sizes.length, residentBytes: sizes.reduce((sum, size) => sum + size, 0) }
  }
}
