/** Of times in milliseconds. `p99` by nearest rank: of fewer than a hundred it is the longest. */
export interface Statistics {
  n: number
  min: number
  median: number
  p99: number
}

/** Throws for no samples at all. */
export function statisticsOf(samples: readonly number[]): Statistics {
  const sorted = [...samples].sort((a, b) => a - b)
  const { length: n } = sorted
  const at = (rank: number): number => {
    const value = sorted[rank]
    if (value === undefined) throw new Error('nothing was measured')
    return value
  }
  const half = Math.floor(n / 2)
  return {
    n,
    min: at(0),
    median: n % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2,
    p99: at(Math.ceil(0.99 * n) - 1),
  }
}
