/** A state change that the transition table does not have: a bug. */
export class TransitionError extends Error {
  override readonly name = 'TransitionError'
}

/** Whatever was thrown, as an `Error`. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
