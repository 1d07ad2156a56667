/** The first bucket ends here; every further one ends at √2 times the one before. */
const FIRST_MS = 0.05
const GROWTH = Math.SQRT2
/** Up to 12 minutes: longer than any call may take. */
const BUCKETS = 48

/** How long calls took, in a fixed number of buckets: a quantile is right to within 41 %, mean and maximum exactly. */
export class LatencyHistogram {
  private readonly counts = new Uint32Array(BUCKETS)
  private count = 0
  private sumMs = 0
  private longestMs = 0

  add(ms: number): void {
    const bucket = ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / Math.log(GROWTH))
    const index = Math.min(bucket, BUCKETS - 1)
    this.counts[index] = (this.counts[index] ?? 0) + 1
    this.count++
    this.sumMs += ms
    this.longestMs = Math.max(this.longestMs, ms)
  }

  get meanMs(): number {
    return this.count === 0 ? 0 : this.sumMs / this.count
  }

  get maxMs(): number {
    return this.longestMs
  }

  /** No call of this share, from 0 to 1, took longer. */
  quantileMs(share: number): number {
    let left = Math.ceil(this.count * share)
    for (const [bucket, count] of this.counts.entries()) {
      left -= count
      if (left <= 0) return Math.min(FIRST_MS * GROWTH ** bucket, this.longestMs)
    }
    return this.longestMs
  }
}
