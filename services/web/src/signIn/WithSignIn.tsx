import { useAuthActions } from '@convex-dev/auth/react'
import { api } from '@rollcall/backend/api'
import { useConvexAuth, useQuery } from 'convex/react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { forgetSignIn } from './forgetSignIn'
import { SignInBoundary } from './SignInBoundary'
import { SignInPage } from './SignInPage'
import { LeaveContext } from './useLeave'

/**
 *  out ──sign in──▶ in ──sign out──▶ leaving ──▶ out
 *                   └──ended elsewhere──▶ ended ──sign in──▶ in
 */
type Stay = 'out' | 'in' | 'leaving' | 'ended'

function following(stay: Stay, isAuthenticated: boolean): Stay {
  if (stay === 'leaving') return isAuthenticated ? 'leaving' : 'out'
  if (isAuthenticated) return 'in'
  return stay === 'in' ? 'ended' : stay
}

/**
 * Its children for whoever is signed in, `signInPage` for anybody else. What is shown to somebody ends with their sign-in,
 * wherever that was ended; one who signs out here sees nothing of it fail meanwhile.
 */
export function WithSignIn({ signInPage, children }: { signInPage: ReactNode; children: ReactNode }) {
  const { isAuthenticated, isLoading } = useConvexAuth()
  const { signOut } = useAuthActions()
  const [, navigate] = useLocation()
  const [stay, setStay] = useState<Stay>('out')
  const now = isLoading ? stay : following(stay, isAuthenticated)
  if (now !== stay) setStay(now)
  const leave = async () => {
    setStay('leaving')
    await signOut()
    navigate('/sign-in')
  }
  const wayOut = (
    <div>
      <Button onClick={forgetSignIn}>Sign in again</Button>
    </div>
  )
  if (isLoading) return <Loading what="your sign-in" wayOut={wayOut} />
  const signInPageComing = <Loading what="the sign-in page" wayOut={wayOut} />
  switch (now) {
    case 'out':
      return signInPage
    case 'ended':
      return <SignInPage note="You were signed out here." />
    case 'leaving':
      return signInPageComing
    case 'in':
      return (
        <LeaveContext value={() => void leave()}>
          <SignInBoundary onEnded={() => void signOut()} instead={signInPageComing}>
            <SignInWatch />
            {children}
          </SignInBoundary>
        </LeaveContext>
      )
    default:
      return now satisfies never
  }
}

/** Shows nothing: its query throws when the sign-in has ended, whatever else is on the page. */
function SignInWatch() {
  useQuery(api.users.me)
  return null
}
