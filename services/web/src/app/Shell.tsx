import { Route, Switch, useLocation } from 'wouter'
import type { Id } from '@rollcall/backend/dataModel'
import { AccountPane } from '../account/AccountPane'
import { ChatPane } from '../chat/ChatPane'
import { ConnectionBanner } from '../connection/ConnectionBanner'
import { LateBanner } from '../detector/LateBanner'
import { Fleet } from '../fleet/Fleet'
import { FleetProvider } from '../fleet/FleetProvider'
import { MachinePane } from '../machine/MachinePane'
import { PeoplePane } from '../people/PeoplePane'
import { WorkerPane } from '../worker/WorkerPane'
import { ErrorBoundary } from './ErrorBoundary'
import { Header } from './Header'

/**
 * The signed-in page: the fleet, and beside it (below 64 rem: instead of it) what is looked at. The
 * fleet stays mounted: a token that is shown in it is shown only once.
 */
export function Shell() {
  const [location] = useLocation()
  const isFleetAlone = location === '/'
  return (
    <FleetProvider>
      <div className="flex h-full flex-col">
        <Header />
        <ConnectionBanner />
        <LateBanner />
        <div className="flex min-h-0 flex-1">
          <div
            role={isFleetAlone ? 'main' : 'complementary'}
            aria-label="Fleet"
            className={
              isFleetAlone
                ? 'min-w-0 flex-1 overflow-y-auto'
                : 'w-80 shrink-0 overflow-y-auto border-r border-line max-lg:hidden'
            }
          >
            <ErrorBoundary what="The fleet" resetOn={String(isFleetAlone)}>
              <Fleet isNarrow={!isFleetAlone} />
            </ErrorBoundary>
          </div>
          {isFleetAlone ? (
            <title>Rollcall</title>
          ) : (
            <ErrorBoundary what="This" resetOn={location}>
              <Detail />
            </ErrorBoundary>
          )}
        </div>
      </div>
    </FleetProvider>
  )
}

function Detail() {
  return (
    <Switch>
      <Route path="/workers/:workerId/chats/:sessionId">
        {({ sessionId }) => <ChatPane key={sessionId} sessionId={sessionId as Id<'sessions'>} />}
      </Route>
      <Route path="/workers/:workerId">
        {({ workerId }) => <WorkerPane key={workerId} workerId={workerId as Id<'workers'>} />}
      </Route>
      <Route path="/machines/:machineId">
        {({ machineId }) => <MachinePane key={machineId} machineId={machineId as Id<'machines'>} />}
      </Route>
      <Route path="/account">
        <AccountPane />
      </Route>
      <Route path="/people">
        <PeoplePane />
      </Route>
      <Route>
        <main className="p-4 text-muted">There is nothing at this address.</main>
      </Route>
    </Switch>
  )
}
