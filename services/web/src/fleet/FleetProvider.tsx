import { api } from '@rollcall/backend/api'
import { limits } from '@rollcall/backend/contract'
import { usePaginatedQuery, useQuery } from 'convex/react'
import { useMemo, type ReactNode } from 'react'
import { ErrorBoundary } from '../app/ErrorBoundary'
import { DetectorProvider } from '../detector/DetectorProvider'
import { useIsTimeTold } from '../detector/useDetector'
import { FleetContext } from './useFleet'

/**
 * One subscription to the person's own machines, one to those that others share with them, and one to the detector, for
 * header and list. A page holds as many machines as a user may own.
 */
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
  const { results: own, status } = usePaginatedQuery(
    api.machines.list,
    {},
    { initialNumItems: limits.machinesPerOwner },
  )
  const shared = useQuery(api.machines.shared)
  const isAwaited = !useIsTimeTold() || status === 'LoadingFirstPage'
  const fleet = useMemo(
    () => (isAwaited || shared === undefined ? undefined : [...own, ...shared]),
    [isAwaited, own, shared],
  )
  return <FleetContext value={fleet}>{children}</FleetContext>
}
