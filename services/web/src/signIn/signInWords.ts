import { errorOf } from '@rollcall/backend/contract'
import { wordsForError } from '../app/wordsForError'

/** What went wrong with a sign-in or a new account. A `TypeError` is the network's. */
export function signInWords(error: unknown): string {
  if (error instanceof TypeError) return 'The backend does not answer. Check that it runs, then try again.'
  // The page itself says below whether an account can be made.
  if (errorOf(error)?.code === 'CREDENTIALS_INVALID') return 'Email or password is wrong.'
  return wordsForError(error)
}
