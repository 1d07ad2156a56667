import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { AskTwice } from '../components/AskTwice'
import { TextField } from '../components/TextField'
import { AccountSection } from './AccountSection'

/** The end of the account. The page follows by itself: the sign-in ends with it. */
export function DeleteAccount({ email }: { email: string | undefined }) {
  const remove = useMutation(api.account.remove)
  const [, navigate] = useLocation()
  const [typed, setTyped] = useState('')
  return (
    <AccountSection title="Delete account">
      <p className="text-muted">
        Your machines, their workers and every chat go with it. Workers that run are stopped, and whoever you
        share a machine with loses it.
      </p>
      {email !== undefined && (
        <div className="max-w-form">
          <TextField
            label="Your email, typed again"
            type="email"
            name="again"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      )}
      <div className="flex">
        <AskTwice
          action="Delete account"
          confirm="Delete for good"
          warning="This cannot be undone."
          className="-ml-2.5"
          onConfirm={async () => {
            await remove({ email: typed })
            navigate('/', { replace: true })
          }}
        />
      </div>
    </AccountSection>
  )
}
