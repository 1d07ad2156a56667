import type { ErrorCode } from '@rollcall/backend/contract'
import { exitCodes } from '@rollcall/worker/exit-codes'

/** Something the person at the terminal can mend: each of `lines` is one clear line, printed without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  constructor(
    readonly lines: readonly [string, ...string[]],
    /** `misconfigured`: what a person has set is wrong; `failed`: anything else. */
    readonly exitCode: (typeof exitCodes)['failed' | 'misconfigured'] = exitCodes.misconfigured,
  ) {
    super(lines.join('\n'))
  }
}

/** The backend answered a call with an error, or with something that no Convex backend answers. */
export class BackendCallError extends Error {
  override readonly name = 'BackendCallError'
}

/** The backend does not take the admin key. */
export class AdminKeyRefusedError extends BackendCallError {}

/** One of our functions said no: `message` is its sentence for people. */
export class RefusalError extends BackendCallError {
  constructor(
    message: string,
    /** Where it is known. */
    readonly code?: ErrorCode,
  ) {
    super(message)
  }
}
