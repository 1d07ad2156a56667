export type OpencodeStartCode = 'OPENCODE_MISSING' | 'OPENCODE_FAILED'

/** opencode could not be started. `message` is one line and says what to do; show it to a person as it is. */
export class OpencodeStartError extends Error {
  override readonly name = 'OpencodeStartError'

  constructor(
    readonly code: OpencodeStartCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** A request to a running opencode was refused or not answered. */
export class OpencodeRequestError extends Error {
  override readonly name = 'OpencodeRequestError'
}
