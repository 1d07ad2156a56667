/** Every code a client can be answered with, and the sentence a person sees where the call gives no better one. */
export const errorCodes = {
  UNAUTHENTICATED: 'Sign in first.',
  FORBIDDEN: 'This belongs to somebody else.',
  NOT_FOUND: 'There is no such thing, or it is not yours.',
  ARGUMENT_INVALID: 'A value is out of range.',
  NAME_INVALID: 'A name has 1 to 64 characters and no control characters.',
  NAME_TAKEN: 'That name is taken.',
  LIMIT_REACHED: 'There are too many of these already.',
  RATE_LIMITED: 'That was too often in a short time. Try again later.',
  CREDENTIALS_INVALID: 'Email or password is wrong. If you have no account yet, create one.',
  PASSWORD_INVALID: 'A password has 8 to 256 characters.',
  ACCOUNT_EXISTS: 'There is an account with this email already. Sign in instead.',
  LAST_ADMINISTRATOR:
    'Others have accounts here, and nobody else administers them. Make somebody an administrator first.',
  SIGN_IN_LINK_INVALID: 'This sign-in link was used or has expired. `pnpm login-link` makes a new one.',
  SIGN_UP_CLOSED: 'New accounts need an invitation here. Ask whoever runs this deployment for a link.',
  INVITATION_INVALID: 'This invitation was used, withdrawn, or has expired. Ask for a new one.',
  PAIRING_CODE_INVALID: 'No worker waits with this code: it was mistyped, used, or is older than 10 minutes.',
  TOKEN_EXPIRED: 'The token of this worker has expired. Make a new one on the page.',
  WORKER_UNKNOWN: 'No worker has this id. Make a new token on the page.',
  WRONG_SECRET: 'The secret in WORKER_TOKEN is wrong. Make a new token on the page.',
  WORKER_NOT_APPROVED: 'This worker waits for the approval of its machine’s owner.',
  WORKER_REVOKED: 'This worker was revoked.',
  WORKER_NOT_REVOKED: 'Revoke this worker first: its process has to be told to end.',
  WORKER_OFFLINE: 'The worker is offline. Start it, then send again.',
  WORKER_DRAINING: 'The worker is shutting down and takes no new work.',
  SUPERSEDED: 'A newer process of this worker took over.',
  INCARNATION_CLOSED: 'This run of the worker has ended; register again.',
  MESSAGE_EMPTY: 'Type something first.',
  MESSAGE_TOO_LONG: 'The message is longer than 128 KiB. Put it in a file of the worker’s directory instead.',
  ANSWER_TOO_LONG: 'The answer grew beyond what one message can hold.',
  MESSAGE_CLOSED: 'This answer has already ended.',
  APPEND_OUT_OF_ORDER: 'A part of the answer is missing.',
  REQUEST_CLOSED: 'This was answered already, or the answer that it belongs to has ended.',
  RETRY_OUT_OF_DATE:
    'Only the last answer of a chat can be asked for again, and only if it failed or was interrupted.',
  SESSION_ENDED: 'This session has ended. Start a new one.',
  URL_INVALID:
    'This is not an address that can be told: it begins with https:// or http:// and carries no password.',
  SETTINGS_INVALID: 'These settings contradict each other.',
} as const

export type ErrorCode = keyof typeof errorCodes

/**
 * What a `ConvexError` of ours carries as `data`. `successor` comes with `SUPERSEDED`: the process that took over; `retryAt` with
 * `RATE_LIMITED`: when a call can succeed again, in ms since 1970, server time.
 */
export interface ErrorPayload {
  code: ErrorCode
  message: string
  successor?: { hostname: string; pid: number }
  retryAt?: number
}

/** What one of our functions refused with, out of the `data` of a `ConvexError`; undefined if it is anything else, such as a backend's own code. */
export function refusalIn(data: unknown): ErrorPayload | undefined {
  if (typeof data !== 'object' || data === null || !('code' in data)) return undefined
  return typeof data.code === 'string' && data.code in errorCodes ? (data as ErrorPayload) : undefined
}
