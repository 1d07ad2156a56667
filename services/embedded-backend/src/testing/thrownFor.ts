import { ConvexError, jsonToConvex } from 'convex/values'
import type { FunctionFailure } from '../engine/functions/FunctionFailure'

/**
 * What a test catches: the message without `Uncaught`, a `ConvexError` with its data, and what an inline function threw as it was.
 * Errors of the functions' realm are of no class that the test knows; they are the `cause`.
 */
export function thrownFor(failure: FunctionFailure): unknown {
  const { cause, data, message, thrownName } = failure
  if (data !== undefined) {
    const error = new ConvexError(jsonToConvex(data))
    error.cause = cause
    return error
  }
  if (cause instanceof Error) return cause
  const error = new Error(message, { cause })
  if (thrownName !== null) error.name = thrownName
  return error
}
