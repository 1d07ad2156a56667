import { ConvexError } from 'convex/values'
import { errorCodes, type ErrorCode, type ErrorPayload } from '../../contract/errors'
import { SECOND } from '../../contract/time'

/** What a `ConvexError` carries has to be a type alias: an interface is no Convex value. */
type Payload<Code extends ErrorCode> = Pick<ErrorPayload, 'message' | 'successor' | 'retryAt'> & {
  code: Code
}

/** The error a client is answered with; `message` replaces the code's own sentence where more is known. */
export function refusal<Code extends ErrorCode>(
  code: Code,
  message?: string,
  more: Partial<Pick<ErrorPayload, 'successor' | 'retryAt'>> = {},
): ConvexError<Payload<Code>> {
  return new ConvexError({ code, message: message ?? errorCodes[code], ...more })
}

/** `retryAt` in ms since 1970. */
export function tooOften(retryAt: number): ConvexError<Payload<'RATE_LIMITED'>> {
  const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / SECOND))
  const wait = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return refusal('RATE_LIMITED', `That was too often in a short time. Try again in ${wait}.`, { retryAt })
}
