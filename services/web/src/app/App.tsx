import { useConvexAuth } from 'convex/react'
import type { ReactNode } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { JoinPage, NoOffer } from '../machine/JoinPage'
import { forgetSignIn } from '../signIn/forgetSignIn'
import { invitationIn } from '../people/invitationLink'
import { LinkSignIn } from '../signIn/LinkSignIn'
import { SignInPage } from '../signIn/SignInPage'
import { ErrorBoundary } from './ErrorBoundary'
import { Shell } from './Shell'
import { useHash } from './useHash'

/** What is shown at which address, and to whom. */
export function App() {
  return (
    <ErrorBoundary what="The page" resetOn="page">
      <Switch>
        <Route path="/sign-in/link">
          <LinkSignIn />
        </Route>
        <Route path="/sign-in">
          <SignInRoute />
        </Route>
        <Route path="/sign-up">
          <SignUpRoute />
        </Route>
        <Route path="/join">
          <JoinRoute />
        </Route>
        <Route>
          <WithSignIn signInPage={<SignInPage />}>
            <Shell />
          </WithSignIn>
        </Route>
      </Switch>
    </ErrorBoundary>
  )
}

/** `/sign-in#link=<token>` comes from the terminal; without it, people sign in by password. */
function SignInRoute() {
  const { isAuthenticated } = useConvexAuth()
  if (window.location.hash.startsWith('#link=')) return <LinkSignIn />
  return isAuthenticated ? <Redirect to="/" replace /> : <SignInPage />
}

/** `/sign-up#invitation=<token>` comes from an administrator. Somebody who is signed in needs none. */
function SignUpRoute() {
  const { isAuthenticated } = useConvexAuth()
  if (isAuthenticated) return <Redirect to="/" replace />
  return <SignInPage invitation={invitationIn('account', window.location.hash)} />
}

/** `/join#machine=<token>` comes from a machine's owner. The hash outlives the sign-in, which happens at the same address. */
function JoinRoute() {
  const token = invitationIn('machine', useHash())
  const signInPage = (
    <SignInPage note="You were invited to a machine. Sign in or create an account first, then accept." />
  )
  return (
    <WithSignIn signInPage={signInPage}>
      {token === undefined ? (
        <NoOffer problem="There is no invitation in this address." />
      ) : (
        <JoinPage key={token} token={token} />
      )}
    </WithSignIn>
  )
}

/** Its children for whoever is signed in, `signInPage` for anybody else. */
function WithSignIn({ signInPage, children }: { signInPage: ReactNode; children: ReactNode }) {
  const { isAuthenticated, isLoading } = useConvexAuth()
  if (isLoading) {
    return (
      <Loading
        what="your sign-in"
        wayOut={
          <div>
            <Button onClick={forgetSignIn}>Sign in again</Button>
          </div>
        }
      />
    )
  }
  return isAuthenticated ? children : signInPage
}
