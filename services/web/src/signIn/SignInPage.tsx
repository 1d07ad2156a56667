import { useState } from 'react'
import { CopyCommand } from '../components/CopyCommand'
import { PasswordForm } from './PasswordForm'
import { SignInFrame } from './SignInFrame'
import type { PasswordFlow } from './signInWords'

interface Props {
  /** The token of a link that somebody followed to make an account. */
  invitation?: string | undefined
  /** What the sign-in is for. */
  note?: string
}

export function SignInPage({ invitation, note }: Props) {
  const [flow, setFlow] = useState<PasswordFlow>(invitation === undefined ? 'signIn' : 'signUp')
  const isNew = flow === 'signUp'
  return (
    <SignInFrame title={isNew ? 'Create an account' : 'Sign in'}>
      {note !== undefined && <p>{note}</p>}
      {isNew && invitation !== undefined && (
        <p className="text-muted">You were invited. The invitation is used up when the account is made.</p>
      )}
      <PasswordForm key={flow} flow={flow} invitation={invitation} />
      <p className="text-muted">
        {isNew ? 'You have an account?' : 'New here?'}{' '}
        <button
          type="button"
          className="text-accent underline underline-offset-2"
          onClick={() => setFlow(isNew ? 'signIn' : 'signUp')}
        >
          {isNew ? 'Sign in' : 'Create an account'}
        </button>
      </p>
      <div className="flex flex-col gap-2 border-t border-line pt-4 text-small text-muted">
        <p>The backend runs on your own computer? Start it, and open the one-time link that it prints:</p>
        <CopyCommand label="command" text="pnpm start" />
      </div>
    </SignInFrame>
  )
}
