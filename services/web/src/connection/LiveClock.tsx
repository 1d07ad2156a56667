import { secondsClock } from '../presence/timeWords'
import { useConnection } from './useConnection'
import { useNow } from './useNow'

/** "live · 14:02:31" while it is; the time of the last contact while it is not. */
export function LiveClock() {
  const connection = useConnection()
  const now = useNow()
  const [word, at] =
    connection.kind === 'live'
      ? ['live', now]
      : connection.kind === 'lost'
        ? ['last known', connection.since]
        : ['connecting', now]
  return (
    <span
      className={`whitespace-nowrap text-small ${connection.kind === 'lost' ? 'text-amber' : 'text-muted'}`}
    >
      {word} · <time dateTime={new Date(at).toISOString()}>{secondsClock(at)}</time>
    </span>
  )
}
