import { ConvexError } from 'convex/values'
import { refusalIn, type ErrorPayload } from './errors'

/** The payload of an error thrown by our functions, or undefined if it is any other error. */
export function errorOf(error: unknown): ErrorPayload | undefined {
  return error instanceof ConvexError ? refusalIn(error.data) : undefined
}
