import { createContext, useContext, useMemo, useState, type ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import { addressOf, everything, parseView, type FleetView } from './FleetView'

const FleetViewContext = createContext<FleetView>(everything)

/** The view is in the fleet's own address; beside everything else it stays as it was there last. */
export function FleetViewProvider({ children }: { children: ReactNode }) {
  const [path] = useLocation()
  const search = useSearch()
  const [last, setLast] = useState(path === '/' ? search : '')
  if (path === '/' && search !== last) setLast(search)
  const view = useMemo(() => parseView(last), [last])
  return <FleetViewContext value={view}>{children}</FleetViewContext>
}

export function useFleetView(): FleetView {
  return useContext(FleetViewContext)
}

/** Where the fleet is, as it was seen last. */
export function useFleetAddress(): string {
  return addressOf(useFleetView())
}

/** Changes the view; a change is no step that one has to go back from. */
export function useChangeView(): (change: Partial<FleetView>) => void {
  const view = useFleetView()
  const [, navigate] = useLocation()
  return (change) => navigate(addressOf({ ...view, ...change }), { replace: true })
}
