import { StatusShape } from '../components/StatusShape'
import { useWebhooks } from './useWebhooks'
import { givenUpWords } from './webhookWords'

/** Says at the top of the page that somebody was not told of an alert. */
export function FailedDeliveries() {
  const words = givenUpWords(useWebhooks() ?? [])
  return (
    <div role="status" className="empty:hidden">
      {words !== undefined && (
        <p className="flex items-start gap-2 rounded-md border border-red/40 bg-red-soft px-3 py-2 text-red">
          <span className="flex h-5.5 items-center">
            <StatusShape shape="▲" tone="red" />
          </span>
          <span className="min-w-0 wrap-anywhere">
            {words}{' '}
            <a href="#webhooks" className="underline underline-offset-2">
              See webhooks
            </a>
          </span>
        </p>
      )}
    </div>
  )
}
