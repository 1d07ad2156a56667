import { createContext, useContext, useSyncExternalStore } from 'react'
import { ConnectionWatch, type Connection } from './ConnectionWatch'
import { ServerClockContext } from './useNow'

export const ConnectionContext = createContext(new ConnectionWatch())

/** Re-renders when the connection is found, lost or found again, not as time passes. `since` is server time. */
export function useConnection(): Connection {
  const watch = useContext(ConnectionContext)
  const clock = useContext(ServerClockContext)
  const connection = useSyncExternalStore(watch.subscribe, watch.current)
  return connection.kind === 'live' ? connection : { ...connection, since: clock.at(connection.since) }
}

/** Whether every status has to be shown as last known. */
export function useIsLastKnown(): boolean {
  const watch = useContext(ConnectionContext)
  return useSyncExternalStore(watch.subscribe, () => watch.current().kind !== 'live')
}

/** Why nothing can be changed now, in words; undefined while the page is connected. */
export function useWhyNotNow(): string | undefined {
  return useIsLastKnown() ? 'Not connected. Possible again when the connection is back.' : undefined
}
