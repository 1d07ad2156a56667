import { useRef } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import type { Id } from '@rollcall/backend/dataModel'
import { AccountPane } from '../account/AccountPane'
import { AlertAnnouncer } from '../alerts/AlertAnnouncer'
import { LazyAlerts } from '../alerts/LazyAlerts'
import { LazyChat } from '../chat/LazyChat'
import { ConnectionBanner } from '../connection/ConnectionBanner'
import { LateBanner } from '../detector/LateBanner'
import { Fleet } from '../fleet/Fleet'
import { FleetAnnouncer } from '../fleet/FleetAnnouncer'
import { FleetIcon } from '../fleet/FleetIcon'
import { FleetProvider } from '../fleet/FleetProvider'
import { FleetViewProvider } from '../fleet/list/useFleetView'
import { MachinePane } from '../machine/MachinePane'
import { CrashNotifier } from '../notices/CrashNotifier'
import { PeoplePane } from '../people/PeoplePane'
import { SettingsPane } from '../settings/SettingsPane'
import { WorkerPane } from '../worker/WorkerPane'
import { ErrorBoundary } from './ErrorBoundary'
import { Header } from './Header'
import { PageTitle } from './PageTitle'
import { CONTENT_ID, SkipLink } from './SkipLink'

/**
 * The signed-in page: the fleet, and beside it (below 64 rem: instead of it) what is looked at. The
 * fleet stays mounted: a token that is shown in it is shown only once.
 */
export function Shell() {
  const [location] = useLocation()
  const isFleetAlone = location === '/'
  const scrolled = useRef<HTMLDivElement>(null)
  return (
    <FleetProvider>
      <FleetViewProvider>
        <div className="flex h-full flex-col">
          <SkipLink />
          <Header />
          <ConnectionBanner />
          <LateBanner />
          <div className="flex min-h-0 flex-1">
            <div
              role={isFleetAlone ? 'main' : 'complementary'}
              aria-label="Fleet"
              ref={scrolled}
              {...(isFleetAlone && { id: CONTENT_ID, tabIndex: -1 })}
              className={
                isFleetAlone
                  ? 'min-w-0 flex-1 overflow-y-auto -outline-offset-2'
                  : 'w-80 shrink-0 overflow-y-auto border-r border-line max-lg:hidden'
              }
            >
              <ErrorBoundary what="The fleet" resetOn={String(isFleetAlone)}>
                <Fleet isNarrow={!isFleetAlone} scrolled={scrolled} />
              </ErrorBoundary>
            </div>
            {isFleetAlone ? (
              <PageTitle />
            ) : (
              <div id={CONTENT_ID} tabIndex={-1} className="flex min-w-0 flex-1 -outline-offset-2">
                <ErrorBoundary what="This" resetOn={location}>
                  <Detail />
                </ErrorBoundary>
              </div>
            )}
          </div>
          <FleetIcon />
          <FleetAnnouncer />
          <AlertAnnouncer />
          <CrashNotifier />
        </div>
      </FleetViewProvider>
    </FleetProvider>
  )
}

function Detail() {
  return (
    <Switch>
      <Route path="/workers/:workerId/chats/:sessionId">
        {({ sessionId }) => <LazyChat key={sessionId} sessionId={sessionId as Id<'sessions'>} />}
      </Route>
      <Route path="/workers/:workerId">
        {({ workerId }) => <WorkerPane key={workerId} workerId={workerId as Id<'workers'>} />}
      </Route>
      <Route path="/machines/:machineId">
        {({ machineId }) => <MachinePane key={machineId} machineId={machineId as Id<'machines'>} />}
      </Route>
      <Route path="/alerts">
        <LazyAlerts />
      </Route>
      <Route path="/account">
        <AccountPane />
      </Route>
      <Route path="/people">
        <PeoplePane />
      </Route>
      <Route path="/settings">
        <SettingsPane />
      </Route>
      <Route>
        <main className="p-4 text-muted">
          <PageTitle name="Nothing here" />
          There is nothing at this address.
        </main>
      </Route>
    </Switch>
  )
}
