/** Why the embedded backend did not start or refuses to go on. */
export type EmbeddedBackendErrorCode =
  | 'FUNCTIONS_FOLDER_MISSING'
  | 'FUNCTIONS_BROKEN'
  | 'PORT_IN_USE'
  | 'DATA_FOLDER_LOCKED'
  | 'DATA_FOLDER_UNUSABLE'
  | 'DATA_FOLDER_FULL'
  | 'DATA_FOLDER_READ_ONLY'
  | 'LOG_CORRUPT'
  | 'BAD_OPTION'

/** A mistake the person at the terminal can mend: `message` is one line that says what is wrong and what to do. */
export class EmbeddedBackendError extends Error {
  override readonly name = 'EmbeddedBackendError'
  constructor(
    readonly code: EmbeddedBackendErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** An HTTP answer that is no function's outcome: `code` is what programs look at, `message` what people read. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal'
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}
