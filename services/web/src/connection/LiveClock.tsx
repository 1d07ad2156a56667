import { useContext, useEffect, useRef } from 'react'
import { secondsClock } from '../presence/timeWords'
import { useConnection } from './useConnection'
import { ServerClockContext } from './useNow'

/** "live · 14:02:31" while it is; the time of the last contact while it is not. */
export function LiveClock() {
  const connection = useConnection()
  const words = { live: 'live', connecting: 'connecting', lost: 'last known' }
  return (
    <span
      className={`whitespace-nowrap text-small ${connection.kind === 'lost' ? 'text-amber' : 'text-muted'}`}
    >
      {words[connection.kind]} ·{' '}
      {connection.kind === 'lost' ? <Time at={connection.since} /> : <TickingTime />}
    </span>
  )
}

function Time({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{secondsClock(at)}</time>
}

/** Written into the document itself: a page on which nothing happens shall not render for its clock. */
function TickingTime() {
  const clock = useContext(ServerClockContext)
  const element = useRef<HTMLTimeElement>(null)
  useEffect(() => {
    const show = () => {
      const { now } = clock.current()
      if (element.current === null) return
      element.current.dateTime = new Date(now).toISOString()
      element.current.textContent = secondsClock(now)
    }
    show()
    return clock.subscribe(show)
  }, [clock])
  return <time ref={element} />
}
