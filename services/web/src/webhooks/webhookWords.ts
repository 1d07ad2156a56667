import type { WebhookShape } from '@rollcall/backend/contract'
import type { Delivery, WebhookView } from './WebhookView'

/** How a receiver is told: in the list, and where it is chosen. */
export const shapeWords: Record<WebhookShape, { short: string; choice: string; meaning: string }> = {
  json: {
    short: 'JSON, signed',
    choice: 'JSON, signed',
    meaning: 'As Standard Webhooks has it: the receiver can check who sent it.',
  },
  slack: {
    short: 'Slack',
    choice: 'Slack',
    meaning: 'For an address that Slack gave you under “Incoming Webhooks”.',
  },
}

/** Of what was sent: the last, and whatever was not taken before it. */
export function shownDeliveries(deliveries: readonly Delivery[]): Delivery[] {
  return deliveries.filter(({ state }, index) => index === 0 || state !== 'delivered')
}

/** "2 messages were given up: hooks.example.com did not take them."; undefined if none was. */
export function givenUpWords(
  webhooks: readonly Pick<WebhookView, 'host' | 'deliveries'>[],
): string | undefined {
  const failed = webhooks.flatMap(({ host, deliveries }) =>
    deliveries.filter(({ state }) => state === 'failed').map(() => host),
  )
  if (failed.length === 0) return undefined
  const hosts = [...new Set(failed)].join(', ')
  return failed.length === 1
    ? `A message was given up: ${hosts} did not take it.`
    : `${failed.length} messages were given up: ${hosts} did not take them.`
}
