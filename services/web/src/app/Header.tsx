import { useAuthActions } from '@convex-dev/auth/react'
import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { Link, useLocation } from 'wouter'
import { Button } from '../components/Button'
import { LiveClock } from '../connection/LiveClock'
import { FleetSummary } from '../fleet/FleetSummary'
import { ErrorBoundary } from './ErrorBoundary'

export function Header() {
  return (
    <header className="flex flex-wrap items-center gap-x-6 gap-y-1 border-b border-line bg-surface px-4 py-2">
      <Link href="/" className="text-title font-semibold">
        Rollcall
      </Link>
      <div className="min-w-0 flex-1 max-sm:order-last max-sm:basis-full">
        <FleetSummary />
      </div>
      <div className="ml-auto flex items-center gap-3">
        <LiveClock />
        <ErrorBoundary what="Your account" resetOn="account">
          <Account />
        </ErrorBoundary>
      </div>
    </header>
  )
}

function Account() {
  const me = useQuery(api.users.me)
  const { signOut } = useAuthActions()
  const [, navigate] = useLocation()
  const leave = async () => {
    await signOut()
    navigate('/sign-in')
  }
  return (
    <>
      {me?.isAdmin === true && (
        <Link href="/people" className="text-muted hover:text-ink">
          People
        </Link>
      )}
      <span className="max-w-48 truncate text-small text-muted max-lg:hidden">{me?.email ?? me?.name}</span>
      <Button look="quiet" className="-mr-2.5" onClick={() => void leave()}>
        Sign out
      </Button>
    </>
  )
}
