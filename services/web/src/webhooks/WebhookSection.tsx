import { Loading } from '../components/Loading'
import { AddWebhook } from './AddWebhook'
import { useWebhooks } from './useWebhooks'
import { WebhookItem } from './WebhookItem'

/** Who else is told of alerts: for administrators. */
export function WebhookSection() {
  const webhooks = useWebhooks()
  if (webhooks === undefined) return <Loading what="the webhooks" />
  return (
    <section aria-labelledby="webhooks" className="flex flex-col gap-3">
      <div className="flex flex-col gap-1">
        <h2 id="webhooks" className="font-semibold">
          Webhooks
        </h2>
        <p className="text-muted">
          They are told when an alert begins and when it is over, unless it is muted. What one does not take
          is tried again for about a day.
        </p>
      </div>
      {webhooks.length > 0 && (
        <ul aria-label="Webhooks">
          {webhooks.map((webhook) => (
            <WebhookItem key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      )}
      <AddWebhook />
    </section>
  )
}
