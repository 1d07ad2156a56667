import { AlertMark } from '../alerts/AlertMark'
import { SentenceText } from '../components/SentenceText'
import { describeDelivery } from './describeDelivery'
import { TryDeliveryAgain } from './TryDeliveryAgain'
import type { Delivery } from './WebhookView'

/** One message to a receiver. Screen readers are told of its word alone: the rest changes with the time. */
export function DeliveryItem({ delivery, host }: { delivery: Delivery; host: string }) {
  const { sentence, ...mark } = describeDelivery(delivery)
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 text-small">
      <AlertMark {...mark} />
      <span className="min-w-0 text-muted wrap-anywhere">
        <SentenceText sentence={sentence} />
      </span>
      <span role="status" className="sr-only">
        {host}: {mark.word}
      </span>
      {delivery.state === 'failed' && <TryDeliveryAgain deliveryId={delivery.id} host={host} />}
    </li>
  )
}
