import { createContext, useContext } from 'react'
import type { MachineView } from '../presence/WorkerView'

/** The machines that are known, undefined while all are awaited; and how many others still are. */
export const FleetContext = createContext<{ fleet: MachineView[] | undefined; awaited: number }>({
  fleet: undefined,
  awaited: 0,
})

/** The user's machines and those shared with them, each with its workers; undefined while they are awaited. */
export function useFleet(): MachineView[] | undefined {
  return useContext(FleetContext).fleet
}

/** How many machines are still to come. */
export function useAwaited(): number {
  return useContext(FleetContext).awaited
}

/** Whether any worker that the user sees is online. */
export function useIsAnyoneOnline(): boolean {
  return useFleet()?.some(({ status }) => status === 'online') ?? false
}
