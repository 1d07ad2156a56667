import { useConvexAuth } from 'convex/react'
import { Redirect, Route, Switch } from 'wouter'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { forgetSignIn } from '../signIn/forgetSignIn'
import { invitationIn } from '../people/invitationLink'
import { LinkSignIn } from '../signIn/LinkSignIn'
import { SignInPage } from '../signIn/SignInPage'
import { ErrorBoundary } from './ErrorBoundary'
import { Shell } from './Shell'

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
        <Route>
          <SignedIn />
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
  return <SignInPage invitation={invitationIn(window.location.hash)} />
}

function SignedIn() {
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
  return isAuthenticated ? <Shell /> : <SignInPage />
}
