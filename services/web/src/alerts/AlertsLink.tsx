import { Link } from 'wouter'
import { useAtNow } from '../connection/useNow'
import type { Tone } from '../presence/marks'
import { AlertMark } from './AlertMark'
import { alertMark } from './alertMarks'
import { unmutedAt } from './mutes'
import { useOpenAlerts } from './useOpenAlerts'

/** The way to the alerts, with how many are open and not muted. */
export function AlertsLink() {
  const alerts = useOpenAlerts() ?? []
  const count = useAtNow((now) => unmutedAt(alerts, now).length)
  const tone = useAtNow((now): Tone => {
    const areRed = unmutedAt(alerts, now).some(({ rule }) => alertMark(rule, false).tone === 'red')
    return areRed ? 'red' : 'amber'
  })
  return (
    <Link
      href="/alerts"
      className="flex items-center gap-2 whitespace-nowrap text-muted hover:text-ink max-lg:text-small"
    >
      Alerts
      {count > 0 && <AlertMark shape="▲" tone={tone} word={`${count} open`} />}
    </Link>
  )
}
