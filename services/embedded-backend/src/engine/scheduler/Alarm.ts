/** Longest single timer; `setTimeout` fires at once beyond 2^31 - 1 ms (24.8 days). Later alarms are set again on the way. */
const LONGEST_TIMER_MS = 60 * 60 * 1_000

/** One timer for a moment that may be far away and may be moved. */
export class Alarm {
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly ring: () => void) {}

  /** `at` in ms since 1970; null for never. Replaces what was set. */
  set(at: number | null): void {
    this.clear()
    if (at === null) return
    const delayMs = Math.max(0, at - Date.now())
    if (delayMs > LONGEST_TIMER_MS) this.timer = setTimeout(() => this.set(at), LONGEST_TIMER_MS)
    else this.timer = setTimeout(this.ring, delayMs)
  }

  clear(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }
}
