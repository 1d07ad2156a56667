import { errorOf } from '@rollcall/backend/contract'

/** What a person is told about an error: the backend's own sentence, or that it was unexpected. Never a stack trace. */
export function wordsForError(error: unknown): string {
  const known = errorOf(error)
  if (known) return known.message
  if (error instanceof Error && error.message.startsWith('Connection lost')) {
    return 'The connection was lost before the answer came. Look whether it was done, then try again.'
  }
  if (error instanceof TypeError && /fetch|network/i.test(error.message))
    return 'The backend cannot be reached.'
  return 'Something unexpected went wrong in the backend. Its log says more.'
}

/** Whether the backend does not take the sign-in that the page has: it was ended. */
export function isSignedOut(error: unknown): boolean {
  return errorOf(error)?.code === 'UNAUTHENTICATED'
}

/** Whether the address points at nothing: no such thing, somebody else's, or not an id at all. */
export function isNotFound(error: unknown): boolean {
  if (errorOf(error)?.code === 'NOT_FOUND') return true
  return error instanceof Error && /ArgumentValidationError|does not match validator/i.test(error.message)
}
