import { api } from '@rollcall/backend/api'
import { limits } from '@rollcall/backend/contract'
import { usePaginatedQuery } from 'convex/react'
import type { ReactNode } from 'react'
import { ErrorBoundary } from '../app/ErrorBoundary'
import { DetectorProvider } from '../detector/DetectorProvider'
import { useIsTimeTold } from '../detector/useDetector'
import { FleetContext } from './useFleet'

/** One subscription to the fleet, and one to its detector, for header and list. A page holds as many machines as a user may own. */
export function FleetProvider({ children }: { children: ReactNode }) {
  return (
    <ErrorBoundary what="The fleet" resetOn="fleet">
      <DetectorProvider>
        <Subscribed>{children}</Subscribed>
      </DetectorProvider>
    </ErrorBoundary>
  )
}

function Subscribed({ children }: { children: ReactNode }) {
  const { results, status } = usePaginatedQuery(
    api.machines.list,
    {},
    { initialNumItems: limits.machinesPerOwner },
  )
  const isAwaited = !useIsTimeTold() || status === 'LoadingFirstPage'
  return <FleetContext value={isAwaited ? undefined : results}>{children}</FleetContext>
}
