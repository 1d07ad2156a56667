/** How often it looks, and how much more time than that must have passed to call it a sleep. Milliseconds. */
const LOOK_MS = 1_000
const SLEPT_MS = 3_000

export interface WakeWatchOptions {
  /** Called once after each sleep, as soon as the process runs again. `gapMs`: how long it did not. */
  onWake: (gapMs: number) => void
  /** Milliseconds since 1970, and of a clock that does not jump. */
  clocks?: { wall: () => number; monotonic: () => number }
}

/**
 * Notices that the process did not run for a while. A stopped process sees both clocks jump; of a machine that slept some
 * systems count the time on the wall clock only, so each is compared with what should have passed. A wall clock that was set
 * forward looks the same and costs one heartbeat.
 */
export class WakeWatch {
  readonly #look: NodeJS.Timeout
  readonly #clocks: NonNullable<WakeWatchOptions['clocks']>
  #last: { wall: number; monotonic: number }

  constructor(private readonly options: WakeWatchOptions) {
    this.#clocks = options.clocks ?? { wall: () => Date.now(), monotonic: () => performance.now() }
    this.#last = this.#now()
    this.#look = setInterval(() => this.#compare(), LOOK_MS).unref()
  }

  stop(): void {
    clearInterval(this.#look)
  }

  #now(): { wall: number; monotonic: number } {
    return { wall: this.#clocks.wall(), monotonic: this.#clocks.monotonic() }
  }

  #compare(): void {
    const now = this.#now()
    const passedMs = Math.max(now.wall - this.#last.wall, now.monotonic - this.#last.monotonic)
    this.#last = now
    const gapMs = Math.round(passedMs - LOOK_MS)
    if (gapMs > SLEPT_MS) this.options.onWake(gapMs)
  }
}
