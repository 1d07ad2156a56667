import { errorOf } from '@rollcall/backend/contract'

export type PasswordFlow = 'signIn' | 'signUp'

/**
 * What went wrong with a sign-in. Convex Auth throws plain errors with a word in them, which a deployment may hide from
 * clients; what remains then is the likeliest cause.
 */
export function signInWords(error: unknown, flow: PasswordFlow): string {
  const known = errorOf(error)
  if (known) return known.message
  const text = error instanceof Error ? error.message : ''
  if (text.includes('TooManyFailedAttempts'))
    return 'Too many wrong passwords. Wait a few minutes, then try again.'
  if (text.includes('already exists')) return 'There is an account with this email already. Sign in instead.'
  if (text.includes('Invalid password')) return 'A password has at least 8 characters.'
  if (flow === 'signIn') return 'Email or password is wrong. If you have no account yet, create one.'
  return 'The account could not be made. If you have one with this email already, sign in instead.'
}
