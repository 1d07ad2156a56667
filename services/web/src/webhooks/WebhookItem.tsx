import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { AskTwice } from '../components/AskTwice'
import { DeliveryItem } from './DeliveryItem'
import { SendTest } from './SendTest'
import type { WebhookView } from './WebhookView'
import { shapeWords, shownDeliveries } from './webhookWords'

/** One receiver: where it is, how it is told, whether it took what was sent last. */
export function WebhookItem({ webhook: { id, host, shape, by, deliveries } }: { webhook: WebhookView }) {
  const remove = useMutation(api.webhooks.remove)
  return (
    <li className="flex flex-col gap-1 border-b border-line py-1.5">
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <span className="min-w-0 wrap-anywhere">{host}</span>
        <span className="min-w-0 flex-1 text-small text-muted wrap-anywhere sm:basis-60 max-sm:order-last max-sm:basis-full">
          {shapeWords[shape].short}, added by {by}
        </span>
        <span className="ml-auto flex flex-wrap items-center justify-end">
          <SendTest webhookId={id} host={host} />
          <AskTwice
            action="Remove"
            label={`Remove ${host}`}
            confirm="Remove for good"
            warning="What waits is not sent either."
            className="-mr-2.5"
            onConfirm={async () => {
              await remove({ webhookId: id })
            }}
          />
        </span>
      </div>
      {deliveries.length === 0 && (
        <p className="text-small text-muted">Nothing was sent yet. A test shows whether it arrives.</p>
      )}
      <ul aria-label={`Sent to ${host}`} className="flex flex-col gap-1 empty:hidden">
        {shownDeliveries(deliveries).map((delivery) => (
          <DeliveryItem key={delivery.id} delivery={delivery} host={host} />
        ))}
      </ul>
    </li>
  )
}
