import { useAuthActions } from '@convex-dev/auth/react'
import { SECOND } from '@rollcall/backend/contract'
import { useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { wordsForError } from '../app/wordsForError'
import { CopyCommand } from '../components/CopyCommand'
import { Problem } from '../components/Problem'
import { SignInFrame } from './SignInFrame'

const PATIENCE = 10 * SECOND

/** The token in the address's hash, which no server sees. Taken out of the address at once: it must not stay in the history. */
function takeToken(): string | undefined {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('link') ?? undefined
  if (token !== undefined) window.history.replaceState(null, '', '/sign-in/link')
  return token
}

/** A link works once, so it is spent once, however often the component mounts. */
let spending: Promise<unknown> | undefined

/**
 *  checking ──10 s──▶ slow ──▶ signed in (leaves for the fleet) | failed
 *     └──────────────────────▶
 */
type State = { name: 'checking' } | { name: 'slow' } | { name: 'failed'; problem: string }

/** Spends the one-time link from the terminal; if it is no good any more, says so and how to go on. */
export function LinkSignIn() {
  const { signIn } = useAuthActions()
  const [, navigate] = useLocation()
  const [state, setState] = useState<State>({ name: 'checking' })
  useEffect(() => {
    let isMounted = true
    const slow = setTimeout(() => setState({ name: 'slow' }), PATIENCE)
    const token = takeToken()
    if (token !== undefined) spending = signIn('link', { token })
    const outcome = spending ?? Promise.reject(new NoLink())
    outcome
      .then(
        () => isMounted && navigate('/', { replace: true }),
        (error: unknown) => isMounted && setState({ name: 'failed', problem: linkWords(error) }),
      )
      .finally(() => clearTimeout(slow))
    return () => {
      isMounted = false
      clearTimeout(slow)
    }
  }, [signIn, navigate])
  if (state.name !== 'failed') {
    return (
      <SignInFrame title="Signing you in…">
        <p role="status" className="text-muted">
          {state.name === 'checking'
            ? 'The one-time link is being checked.'
            : 'The backend does not answer yet. The link is kept and tried as soon as it does; leave this page open.'}
        </p>
      </SignInFrame>
    )
  }
  return (
    <SignInFrame title="This link did not work">
      <Problem text={state.problem} />
      <p className="text-muted">For a new link, in the terminal:</p>
      <CopyCommand label="command" text="pnpm login-link" />
      <Link href="/" className="text-accent underline underline-offset-2">
        Go to the page
      </Link>
    </SignInFrame>
  )
}

class NoLink extends Error {}

function linkWords(error: unknown): string {
  if (error instanceof NoLink) return 'There is no sign-in link in this address, or it was used already.'
  return wordsForError(error)
}
