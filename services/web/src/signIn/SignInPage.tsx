import { api } from '@rollcall/backend/api'
import { errorCodes } from '@rollcall/backend/contract'
import { useQuery } from 'convex/react'
import { useState } from 'react'
import { CopyCommand } from '../components/CopyCommand'
import { GitHubSignIn } from './GitHubSignIn'
import { OtherFlow } from './OtherFlow'
import { PasswordForm, type PasswordFlow } from './PasswordForm'
import { SignInFrame } from './SignInFrame'

interface Props {
  /** The token of a link that somebody followed to make an account. */
  invitation?: string | undefined
  /** What the sign-in is for, or why it is needed again. */
  note?: string
}

export function SignInPage({ invitation, note }: Props) {
  const ways = useQuery(api.users.signInWays)
  const [flow, setFlow] = useState<PasswordFlow>(invitation === undefined ? 'signIn' : 'signUp')
  const isNew = flow === 'signUp'
  const maySignUp = invitation === undefined ? ways?.isSignUpOpen : true
  return (
    <SignInFrame title={isNew ? 'Create an account' : 'Sign in'}>
      {note !== undefined && <p role="status">{note}</p>}
      {isNew && invitation !== undefined && (
        <p className="text-muted">You were invited. The invitation is used up when the account is made.</p>
      )}
      {ways?.isGitHubOffered === true && !isNew && <GitHubSignIn />}
      <PasswordForm key={flow} flow={flow} invitation={invitation} />
      {isNew ? (
        <OtherFlow question="You have an account?" action="Sign in" onChoose={() => setFlow('signIn')} />
      ) : maySignUp === false ? (
        <p className="text-muted">{errorCodes.SIGN_UP_CLOSED}</p>
      ) : (
        maySignUp && (
          <OtherFlow question="New here?" action="Create an account" onChoose={() => setFlow('signUp')} />
        )
      )}
      <div className="flex flex-col gap-2 border-t border-line pt-4 text-small text-muted">
        <p>The backend runs on your own computer? Start it, and open the one-time link that it prints:</p>
        <CopyCommand label="command" text="pnpm start" />
      </div>
    </SignInFrame>
  )
}
