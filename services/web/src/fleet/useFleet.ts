import { createContext, useContext } from 'react'
import type { MachineView } from '../presence/WorkerView'

export const FleetContext = createContext<MachineView[] | undefined>(undefined)

/** The user's machines with their workers; undefined while they are awaited. */
export function useFleet(): MachineView[] | undefined {
  return useContext(FleetContext)
}

/** Whether any of the user's workers is online. */
export function useIsAnyoneOnline(): boolean {
  return useFleet()?.some(({ status }) => status === 'online') ?? false
}
