import type { StopSignal } from './stopRequest'

/** Two signals within this many milliseconds are one request: launchers and process groups deliver the same one twice. */
const SAME_REQUEST_MS = 1_000

/**
 * Tells a request to stop from a second one that means "now". A signal can arrive directly and, forwarded by the
 * supervisor, once more; a forwarded copy of one that was seen directly is never a second request, however late it comes.
 */
export class SignalCounter {
  #firstAt: number | undefined
  readonly #direct = new Map<StopSignal, number>()
  readonly #forwarded = new Map<StopSignal, number>()

  /** `at` in milliseconds of a clock that does not jump. */
  count(signal: StopSignal, origin: 'direct' | 'forwarded', at: number): 'first' | 'repeated' | 'second' {
    const [mine, other] =
      origin === 'direct' ? [this.#direct, this.#forwarded] : [this.#forwarded, this.#direct]
    const seen = (mine.get(signal) ?? 0) + 1
    mine.set(signal, seen)
    if (this.#firstAt === undefined) {
      this.#firstAt = at
      return 'first'
    }
    const isCopy = seen <= (other.get(signal) ?? 0)
    return isCopy || at - this.#firstAt <= SAME_REQUEST_MS ? 'repeated' : 'second'
  }
}
