import { useState } from 'react'
import { useAtNow } from '../connection/useNow'
import { unmutedAt } from './mutes'
import { newsWords } from './newsWords'
import { useOpenAlerts } from './useOpenAlerts'

interface Told {
  /** Those that there were to tell of the last time; undefined before the first. */
  ids: string | undefined
  /** Each is told once, also if it is muted and unmuted meanwhile. */
  ever: ReadonlySet<string>
  words: string
}

/** Tells screen readers of alerts that come while the page is open, politely. What there was at first is no news. */
export function AlertAnnouncer() {
  const alerts = useOpenAlerts()
  const ids = useAtNow((now) =>
    unmutedAt(alerts ?? [], now)
      .map(({ id }) => id)
      .join(' '),
  )
  const [told, setTold] = useState<Told>({ ids: undefined, ever: new Set(), words: '' })
  if (alerts !== undefined && ids !== told.ids) {
    const now = new Set(ids.split(' '))
    const news = alerts.filter(({ id }) => now.has(id) && !told.ever.has(id))
    setTold({
      ids,
      ever: new Set([...told.ever, ...now]),
      words: told.ids === undefined ? '' : newsWords(news),
    })
  }
  return (
    <div role="status" aria-label="Alerts" className="sr-only">
      {told.words}
    </div>
  )
}
