export interface PingLimits {
  /** Pings in a row without an answer after which the worker counts as hung. */
  hungAfter: number
  /** … and after which it is given up. */
  lostAfter: number
}

/**
 * Judges a worker by the pings that it did not answer. Their number counts, not the time that passed: a supervisor that was
 * suspended itself, or slept with its machine, sent none meanwhile and so has missed none.
 */
export class PingCounter {
  #missed = 0
  #isAnswered = true

  constructor(private readonly limits: PingLimits) {}

  get missed(): number {
    return this.#missed
  }

  get isHung(): boolean {
    return this.#missed >= this.limits.hungAfter
  }

  get isLost(): boolean {
    return this.#missed >= this.limits.lostAfter
  }

  /** The next ping is due: the one before has had its time. */
  ping(): void {
    if (!this.#isAnswered) this.#missed += 1
    this.#isAnswered = false
  }

  answered(): void {
    this.#isAnswered = true
    this.#missed = 0
  }
}
