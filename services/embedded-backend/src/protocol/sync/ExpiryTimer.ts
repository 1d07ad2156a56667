/** `setTimeout` fires at once for more than 2^31 ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Calls back at a moment that may be further away than a timer can be set. */
export class ExpiryTimer {
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly onExpired: () => void) {}

  /** `at` in milliseconds since 1970; `null`: never. Replaces what was set before. */
  set(at: number | null): void {
    this.stop()
    if (at === null) return
    const remaining = at - Date.now()
    this.timer = setTimeout(
      () => {
        if (Date.now() >= at) this.onExpired()
        else this.set(at)
      },
      Math.min(Math.max(remaining, 0), MAX_TIMEOUT_MS),
    )
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }
}
