/** A time as a person reads it: `12 ms`, `1.25 s`, `91.3 s`. */
export function formatMs(ms: number): string {
  if (ms < 1_000) return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** `12,345`, at most one digit after the point. */
export function formatCount(count: number): string {
  return whole.format(count)
}

const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 })

/** `0.031`, `58`: two digits of the millions. */
export function formatMillions(count: number): string {
  return significant.format(count / 1e6)
}
