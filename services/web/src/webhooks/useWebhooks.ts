import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import type { WebhookView } from './WebhookView'

/** The deployment's receivers of alerts, for administrators; undefined while they are awaited. */
export function useWebhooks(): WebhookView[] | undefined {
  return useQuery(api.webhooks.list)
}
