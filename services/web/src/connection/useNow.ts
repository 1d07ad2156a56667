import { createContext, useContext, useSyncExternalStore } from 'react'
import { ServerClock } from './ServerClock'

export const ServerClockContext = createContext(new ServerClock())

/** The server's time in ms since 1970, renewed every second. */
export function useNow(): number {
  const clock = useContext(ServerClockContext)
  return useSyncExternalStore(clock.subscribe, clock.current).now
}
