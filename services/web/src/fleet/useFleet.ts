import { createContext, useContext } from 'react'
import type { MachineView } from '../presence/WorkerView'

export const FleetContext = createContext<MachineView[] | undefined>(undefined)

/** The user's machines and those shared with them, each with its workers; undefined while they are awaited. */
export function useFleet(): MachineView[] | undefined {
  return useContext(FleetContext)
}

/** Whether any worker that the user sees is online. */
export function useIsAnyoneOnline(): boolean {
  return useFleet()?.some(({ status }) => status === 'online') ?? false
}
