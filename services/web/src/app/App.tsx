import { useConvexAuth } from 'convex/react'
import { Redirect, Route, Switch } from 'wouter'
import { JoinPage, NoOffer } from '../machine/JoinPage'
import { PairPage } from '../pair/PairPage'
import { codeIn } from '../pair/pairingCode'
import { invitationIn } from '../people/invitationLink'
import { LinkSignIn } from '../signIn/LinkSignIn'
import { SignInPage } from '../signIn/SignInPage'
import { WithSignIn } from '../signIn/WithSignIn'
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
        <Route path="/pair">
          <PairRoute />
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
  const invitation = invitationIn('account', useHash())
  if (isAuthenticated) return <Redirect to="/" replace />
  return <SignInPage key={invitation} invitation={invitation} />
}

/** `/join#machine=<token>` comes from a machine's owner. The hash outlives the sign-in, which happens at the same address. */
function JoinRoute() {
  const token = invitationIn('machine', useHash())
  const signInPage = <SignInPage note="You were invited to a machine. Sign in first, then accept." />
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

/** `/pair#code=<code>` comes from a worker without a token; without the code, it is asked for. */
function PairRoute() {
  const code = codeIn(useHash())
  return (
    <WithSignIn signInPage={<SignInPage note="A worker wants to join. Sign in to see which one." />}>
      <PairPage key={code} code={code} />
    </WithSignIn>
  )
}
