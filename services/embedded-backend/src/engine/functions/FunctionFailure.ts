import type { JSONValue } from 'convex/values'

/** What a function threw or broke. `message` is raw; `data` is a ConvexError's, Convex-encoded. */
export class FunctionFailure extends Error {
  override readonly name = 'FunctionFailure'

  constructor(
    message: string,
    /** `Error`, `TypeError`, `ConvexError` …; null where the message already says what it is. */
    readonly thrownName: string | null = null,
    readonly data?: JSONValue,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  /** As a client sees it. */
  get clientMessage(): string {
    return this.thrownName === null ? this.message : `Uncaught ${this.thrownName}: ${this.message}`
  }
}

/** Wraps whatever came out of a realm. */
export function toFailure(thrown: unknown): FunctionFailure {
  if (thrown instanceof FunctionFailure) return thrown
  if (typeof thrown !== 'object' || thrown === null) return new FunctionFailure(`Uncaught ${String(thrown)}`)
  const { message, name, data } = thrown as { message?: unknown; name?: unknown; data?: unknown }
  const text = typeof message === 'string' ? message : JSON.stringify(thrown)
  if (Symbol.for('ConvexError') in thrown && typeof data === 'string') {
    // `convex/server` leaves the encoded data on the error it rethrows.
    return new FunctionFailure(text, 'ConvexError', JSON.parse(data) as JSONValue, { cause: thrown })
  }
  return new FunctionFailure(text, typeof name === 'string' ? name : 'Error', undefined, { cause: thrown })
}
