import { EmptyState } from '../components/EmptyState'
import { Loading } from '../components/Loading'
import { OpenAlertItem } from './OpenAlertItem'
import { useOpenAlerts } from './useOpenAlerts'

/** What is wrong now, newest first. */
export function OpenAlerts() {
  const alerts = useOpenAlerts()
  if (alerts === undefined) return <Loading what="the alerts" />
  if (alerts.length === 0) {
    return (
      <EmptyState title="No alert is open">
        <p className="text-muted">
          A worker that crashes or is lost again and again is shown here, and whatever goes wrong with many:
          from the moment it is noticed until it is over.
        </p>
      </EmptyState>
    )
  }
  return (
    <section aria-labelledby="open" className="flex flex-col">
      <h2 id="open" className="font-semibold">
        Open
      </h2>
      <ul>
        {alerts.map((alert) => (
          <OpenAlertItem key={alert.id} alert={alert} />
        ))}
      </ul>
    </section>
  )
}
