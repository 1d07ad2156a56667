import { api } from '@rollcall/backend/api'
import { limits } from '@rollcall/backend/contract'
import { usePaginatedQuery, useQuery } from 'convex/react'
import { useMemo, type ReactNode } from 'react'
import { ErrorBoundary } from '../app/ErrorBoundary'
import { DetectorProvider } from '../detector/DetectorProvider'
import { useIsTimeTold } from '../detector/useDetector'
import { FleetContext } from './useFleet'
import { useWorkersOf } from './useWorkersOf'

/**
 * Subscriptions to the person's own machines, to those that others share with them, to the workers of each, and to the
 * detector, for header and list. A page holds as many machines as a user may own.
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
  const isAwaited = !useIsTimeTold() || status === 'LoadingFirstPage' || shared === undefined
  const machines = useMemo(() => (isAwaited ? [] : [...own, ...shared]), [isAwaited, own, shared])
  const workers = useWorkersOf(machines.map(({ id }) => id))
  const fleet = useMemo(() => {
    const isSeen = machines.length === 0 || machines.some(({ id }) => workers.has(id))
    if (isAwaited || !isSeen) return undefined
    return machines.flatMap((machine) => {
      const ofMachine = workers.get(machine.id)
      return ofMachine ? [{ ...machine, workers: ofMachine }] : []
    })
  }, [isAwaited, machines, workers])
  const awaited = fleet === undefined ? 0 : machines.length - fleet.length
  return <FleetContext value={useMemo(() => ({ fleet, awaited }), [fleet, awaited])}>{children}</FleetContext>
}
