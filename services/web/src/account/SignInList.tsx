import { api } from '@rollcall/backend/api'
import { useMutation, useQuery } from 'convex/react'
import { AskTwice } from '../components/AskTwice'
import { Loading } from '../components/Loading'
import { MomentText } from '../components/MomentText'
import { fullTimestamp } from '../presence/timeWords'
import { AccountSection } from './AccountSection'

/** Where the account is signed in, this browser first, and the end of that anywhere else. */
export function SignInList() {
  const signIns = useQuery(api.account.signIns)
  const end = useMutation(api.account.endSignIn)
  if (signIns === undefined) return <Loading what="your sign-ins" />
  return (
    <AccountSection title="Signed in">
      <ul>
        {signIns
          .toSorted((a, b) => Number(b.isThis) - Number(a.isThis))
          .map(({ id, since, isThis }) => (
            <li
              key={id}
              className="flex min-h-9 flex-wrap items-center justify-between gap-x-3 border-b border-line"
            >
              <span>{isThis ? 'This browser' : 'Another browser'}</span>
              <span className="min-w-0 flex-1 text-muted">
                <MomentText moment={{ kind: 'since', at: since }} />
              </span>
              {!isThis && (
                <AskTwice
                  action="End"
                  label={`End the sign-in since ${fullTimestamp(since)}`}
                  confirm="End for good"
                  warning="It is signed out at once."
                  className="-mr-2.5"
                  onConfirm={async () => {
                    await end({ signInId: id })
                  }}
                />
              )}
            </li>
          ))}
      </ul>
    </AccountSection>
  )
}
