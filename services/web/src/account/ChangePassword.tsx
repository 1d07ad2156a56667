import { api } from '@rollcall/backend/api'
import { errorOf, limits } from '@rollcall/backend/contract'
import { useAction } from 'convex/react'
import { useState, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { TextField } from '../components/TextField'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { AccountSection } from './AccountSection'

/** Sets another password; the backend signs every other browser out then. */
export function ChangePassword({ email }: { email: string | undefined }) {
  const change = useAction(api.account.changePassword)
  const whyNot = useWhyNotNow()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [outcome, setOutcome] = useState<'changed' | 'wrong'>()
  const { run, isRunning, problem } = useTask(async () => {
    setOutcome(undefined)
    try {
      await change({ current, next })
    } catch (error: unknown) {
      if (errorOf(error)?.code !== 'CREDENTIALS_INVALID') throw error
      setOutcome('wrong')
      return
    }
    setCurrent('')
    setNext('')
    setOutcome('changed')
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (whyNot === undefined) run()
  }
  return (
    <AccountSection title="Password">
      <form className="flex flex-col gap-3" onSubmit={submit}>
        {/* Tells password managers which account it is. */}
        <input type="email" name="email" autoComplete="username" value={email ?? ''} readOnly hidden />
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Current password"
            type="password"
            name="current"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
          <TextField
            label="New password"
            type="password"
            name="next"
            autoComplete="new-password"
            required
            minLength={limits.passwordLength.least}
            maxLength={limits.passwordLength.most}
            hint={`At least ${limits.passwordLength.least} characters.`}
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Button type="submit" isBusy={isRunning} whyNot={whyNot}>
            Change password
          </Button>
          <Problem text={outcome === 'wrong' ? 'The current password is wrong.' : problem} />
          <p role="status" className="text-muted empty:hidden">
            {outcome === 'changed' && 'Changed. Every other browser was signed out.'}
          </p>
        </div>
      </form>
    </AccountSection>
  )
}
