import { createContext, useContext, useSyncExternalStore } from 'react'
import { ServerClock } from './ServerClock'

export const ServerClockContext = createContext(new ServerClock())

/** What `tell` makes of the server's time in ms since 1970, asked every second. Re-renders only when that changes. */
export function useAtNow<T extends string | number | boolean>(tell: (now: number) => T): T {
  const clock = useContext(ServerClockContext)
  return useSyncExternalStore(clock.subscribe, () => tell(clock.current().now))
}
