import { useAuthActions } from '@convex-dev/auth/react'
import { limits, SECOND } from '@rollcall/backend/contract'
import { useState, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { TextField } from '../components/TextField'
import { signInWords } from './signInWords'
import { withTimeout } from './withTimeout'

const PATIENCE = 10 * SECOND

export type PasswordFlow = 'signIn' | 'signUp'

type State = { name: 'idle'; problem?: string } | { name: 'sending' }

export function PasswordForm({ flow, invitation }: { flow: PasswordFlow; invitation: string | undefined }) {
  const { signIn } = useAuthActions()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [state, setState] = useState<State>({ name: 'idle' })
  const isNew = flow === 'signUp'
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (state.name === 'sending') return
    setState({ name: 'sending' })
    try {
      const account = {
        email: email.trim(),
        password,
        flow,
        ...(isNew && invitation !== undefined && { invitation }),
      }
      await withTimeout(signIn('password', account), PATIENCE)
      setState({ name: 'idle' })
    } catch (error: unknown) {
      setState({ name: 'idle', problem: signInWords(error) })
    }
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
      <TextField
        label="Email"
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        required
        minLength={isNew ? limits.passwordLength.least : undefined}
        hint={isNew ? `At least ${limits.passwordLength.least} characters.` : undefined}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Problem text={state.name === 'idle' ? state.problem : undefined} />
      <Button type="submit" look="primary" className="h-8" isBusy={state.name === 'sending'}>
        {state.name === 'sending' ? 'One moment…' : isNew ? 'Create account' : 'Sign in'}
      </Button>
    </form>
  )
}
