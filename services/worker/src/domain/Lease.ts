/** Fenced this early, a worker has stopped taking work before the backend can have given it up. */
const SHARE_OF_STALE = 2 / 3

/**
 * A worker's own belief in being online, on its own monotonic clock: held for two thirds of the stale threshold after the
 * last acknowledged beat was sent. All times in milliseconds of that clock.
 */
export class Lease {
  #renewedAt: number

  constructor(
    private staleThresholdMs: number,
    now: number,
  ) {
    this.#renewedAt = now
  }

  /** A beat that was sent at `sentAt` was acknowledged. The backend's time began no earlier than that. */
  renew(sentAt: number): void {
    this.#renewedAt = Math.max(this.#renewedAt, sentAt)
  }

  changeThreshold(staleThresholdMs: number): void {
    this.staleThresholdMs = staleThresholdMs
  }

  /** Milliseconds since it was renewed last. */
  ageMs(now: number): number {
    return Math.max(0, now - this.#renewedAt)
  }

  /** Milliseconds until it is lost; 0 once it is. */
  leftMs(now: number): number {
    return Math.max(0, this.#renewedAt + SHARE_OF_STALE * this.staleThresholdMs - now)
  }
}
