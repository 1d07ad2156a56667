import { ConvexError } from 'convex/values'
import { errorCodes, type ErrorCode, type ErrorPayload } from '../../contract/errors'

/** The error a client is answered with; `message` replaces the code's own sentence where more is known. */
export function refusal(
  code: ErrorCode,
  message?: string,
  more: Partial<Pick<ErrorPayload, 'successor'>> = {},
): ConvexError<{ code: ErrorCode; message: string; successor?: { hostname: string; pid: number } }> {
  return new ConvexError({ code, message: message ?? errorCodes[code], ...more })
}
