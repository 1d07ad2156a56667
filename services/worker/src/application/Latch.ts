/** A value that others wait for. Setting it again replaces it; clearing makes later waiters wait anew. */
export class Latch<T> {
  #value: T | undefined
  readonly #waiters = new Set<(value: T) => void>()

  get value(): T | undefined {
    return this.#value
  }

  set(value: T): void {
    this.#value = value
    for (const resolve of this.#waiters) resolve(value)
    this.#waiters.clear()
  }

  clear(): void {
    this.#value = undefined
  }

  /** The value, as soon as there is one; undefined once `signal` aborts. Never rejects. */
  wait(signal: AbortSignal): Promise<T | undefined> {
    if (this.#value !== undefined) return Promise.resolve(this.#value)
    if (signal.aborted) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const give = (value: T | undefined) => {
        signal.removeEventListener('abort', abort)
        this.#waiters.delete(give)
        resolve(value)
      }
      const abort = () => give(undefined)
      this.#waiters.add(give)
      signal.addEventListener('abort', abort, { once: true })
    })
  }
}
