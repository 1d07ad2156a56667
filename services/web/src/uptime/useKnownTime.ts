import { useConnection } from '../connection/useConnection'
import { useAtNow } from '../connection/useNow'

/**
 * The server's time in whole `unit`s (ms), in ms since 1970; while the connection is lost, that of the last contact, for
 * nothing is known of what came after. Re-renders when a unit begins.
 */
export function useKnownTime(unit: number): number {
  const connection = useConnection()
  const now = useAtNow((now) => Math.floor(now / unit))
  return (connection.kind === 'lost' ? Math.floor(connection.since / unit) : now) * unit
}
