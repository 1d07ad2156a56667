import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { Link } from 'wouter'
import { AlertsLink } from '../alerts/AlertsLink'
import { Button } from '../components/Button'
import { LiveClock } from '../connection/LiveClock'
import { FleetSummary } from '../fleet/FleetSummary'
import { useLeave } from '../signIn/useLeave'
import { ErrorBoundary } from './ErrorBoundary'

export function Header() {
  return (
    <header className="flex flex-wrap items-center gap-x-6 gap-y-1 border-b border-line bg-surface px-4 py-2 max-sm:gap-x-3">
      <Link href="/" className="text-title font-semibold">
        Rollcall
      </Link>
      <div className="flex min-w-0 flex-1 items-center justify-between gap-x-6 max-sm:order-last max-sm:basis-full">
        <FleetSummary />
        <div className="flex shrink-0 items-center gap-x-6 max-lg:flex-col max-lg:items-end lg:-mr-3">
          <LiveClock />
          <ErrorBoundary what="The alerts" resetOn="alerts">
            <AlertsLink />
          </ErrorBoundary>
        </div>
      </div>
      <div className="ml-auto flex items-center gap-3 max-sm:gap-2">
        <ErrorBoundary what="Your account" resetOn="account">
          <Account />
        </ErrorBoundary>
      </div>
    </header>
  )
}

function Account() {
  const me = useQuery(api.users.me)
  const name = me?.email ?? me?.name
  const leave = useLeave()
  return (
    <>
      {me?.isAdmin === true && (
        <>
          <Link href="/people" className="text-muted hover:text-ink">
            People
          </Link>
          <Link href="/settings" className="text-muted hover:text-ink">
            Settings
          </Link>
        </>
      )}
      <Link
        href="/account"
        aria-label={name === undefined ? 'Account' : `Account ${name}`}
        className="max-w-56 truncate text-muted hover:text-ink"
      >
        {name !== undefined && <span className="max-lg:hidden">{name}</span>}
        <span className={name === undefined ? '' : 'lg:hidden'}>Account</span>
      </Link>
      <Button look="quiet" className="-mr-2.5" onClick={leave}>
        Sign out
      </Button>
    </>
  )
}
