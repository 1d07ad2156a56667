/** The request did not reach a backend, or no answer came back: worth trying again. */
export class BackendUnreachableError extends Error {
  override readonly name = 'BackendUnreachableError'
}

/** Something answers at the URL, but it is not a Convex deployment that runs our functions. `message` says what to do. */
export class NotRollcallError extends Error {
  override readonly name = 'NotRollcallError'
}

/** A state change that the transition table does not have: a bug. */
export class TransitionError extends Error {
  override readonly name = 'TransitionError'
}

/** Whatever was thrown, as an `Error`. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
