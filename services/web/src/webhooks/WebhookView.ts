import type { api } from '@rollcall/backend/api'
import type { FunctionReturnType } from 'convex/server'

/** A receiver of alerts as the backend shows it, with what it was told last, newest first. Times in ms since 1970, server time. */
export type WebhookView = FunctionReturnType<typeof api.webhooks.list>[number]

/** What a receiver is told, and whether it took it. */
export type Delivery = WebhookView['deliveries'][number]
