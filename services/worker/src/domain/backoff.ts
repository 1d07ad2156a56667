export interface BackoffOptions {
  /** Milliseconds before the second attempt. */
  firstMs: number
  /** Milliseconds that no wait exceeds. */
  maxMs: number
  /** A number from 0 to below 1; `Math.random` unless a test says otherwise. */
  random?: () => number
}

/**
 * Milliseconds to wait after the `attempt`th failure (from 1): doubling, capped, and a random share of up to half taken
 * off, so that many workers that lost the same backend do not come back in one instant.
 */
export function backoffMs(attempt: number, { firstMs, maxMs, random = Math.random }: BackoffOptions): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(full * (1 - random() / 2))
}
