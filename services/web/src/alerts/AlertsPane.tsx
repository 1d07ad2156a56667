import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { Link } from 'wouter'
import { DetailPane } from '../app/DetailPane'
import { Loading } from '../components/Loading'
import { FailedDeliveries } from '../webhooks/FailedDeliveries'
import { WebhookSection } from '../webhooks/WebhookSection'
import { OpenAlerts } from './OpenAlerts'
import { PastAlerts } from './PastAlerts'

/** What is wrong, what was, and for administrators who is told of it. */
export function AlertsPane() {
  const me = useQuery(api.users.me)
  if (!me) return <Loading what="the alerts" />
  return (
    <DetailPane
      name="Alerts"
      note={
        me.isAdmin ? (
          <>
            What is wrong with workers and with the whole fleet.{' '}
            <Link href="/settings" className="text-accent underline underline-offset-2">
              When alerts are raised
            </Link>
          </>
        ) : (
          'What is wrong with workers on your machines, and on those that others share with you.'
        )
      }
    >
      {me.isAdmin && <FailedDeliveries />}
      <OpenAlerts />
      <PastAlerts />
      {me.isAdmin && <WebhookSection />}
    </DetailPane>
  )
}
