import { lazy, Suspense } from 'react'
import { Loading } from '../components/Loading'
import { AlertsMissing } from './AlertsMissing'

/** Alerts and webhooks are a file of their own: whoever only looks at the fleet does not load it. */
const AlertsPane = lazy(() =>
  import('./AlertsPane').then(
    (alerts) => ({ default: alerts.AlertsPane }),
    () => ({ default: AlertsMissing }),
  ),
)

export function LazyAlerts() {
  return (
    <Suspense fallback={<Loading what="the alerts" />}>
      <AlertsPane />
    </Suspense>
  )
}
