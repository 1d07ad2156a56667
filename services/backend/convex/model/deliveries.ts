/**
 * What webhooks are told, and whether they took it. Owns: `deliveries`. Each is told at least once: an attempt is an action, which
 * may be lost with the backend that runs it, so a mutation, which is not, begins it and schedules the one after it.
 */
import type { Infer } from 'convex/values'
import { delivering } from '../../contract/alerts'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import type { alertNews } from './alertValidators'
import { cut } from './bounds'
import { webhookBody } from './webhookBody'
import { allWebhooks } from './webhooks'

type News = Infer<typeof alertNews>

/** Deleted in one transaction. */
const DELETED = 100

/** Tells every webhook of the deployment. */
export async function tell(
  ctx: MutationCtx,
  news: Exclude<News, 'test'>,
  alert: Doc<'alerts'>,
): Promise<void> {
  for (const webhook of await allWebhooks(ctx)) await tellOne(ctx, webhook, news, alert)
}

/** Tells one webhook of an alert, or (without one) that it works. */
export async function tellOne(
  ctx: MutationCtx,
  webhook: Doc<'webhooks'>,
  news: News,
  alert?: Doc<'alerts'>,
): Promise<void> {
  const now = Date.now()
  const deliveryId = await ctx.db.insert('deliveries', {
    ...{ webhookId: webhook._id, news, body: webhookBody(webhook.shape, news, now, alert) },
    ...(alert && { alertId: alert._id }),
    ...{ state: 'waiting', attempts: 0, nextAttemptAt: now },
  })
  await ctx.scheduler.runAfter(0, internal.webhooks.attempt, { deliveryId, attempt: 1 })
}

/**
 * Begins the `attempt`-th attempt (from 1) and schedules the one after it, or the end of the last one. Does nothing if it is not its
 * turn.
 */
export async function beginAttempt(
  ctx: MutationCtx,
  deliveryId: Id<'deliveries'>,
  attempt: number,
): Promise<void> {
  const delivery = await ctx.db.get('deliveries', deliveryId)
  if (delivery?.state !== 'waiting' || delivery.attempts !== attempt - 1) return
  const backoffMs = delivering.backoffMs[attempt - 1]
  const nextAttemptAt = Date.now() + delivering.timeoutMs + (backoffMs ?? 0)
  await ctx.db.patch('deliveries', deliveryId, { attempts: attempt, nextAttemptAt })
  await ctx.scheduler.runAfter(0, internal.webhooks.deliver, { deliveryId, attempt })
  if (backoffMs === undefined) {
    await ctx.scheduler.runAt(nextAttemptAt, internal.webhooks.giveUp, { deliveryId, attempt })
  } else {
    const next = { deliveryId, attempt: attempt + 1 }
    await ctx.scheduler.runAt(nextAttemptAt, internal.webhooks.attempt, next)
  }
}

/** What an attempt needs. */
export interface Message {
  url: string
  secret: string
  body: string
}

/** What is to be told, and where; null if it is not to be told any more. */
export async function messageOf(ctx: QueryCtx, deliveryId: Id<'deliveries'>): Promise<Message | null> {
  const delivery = await ctx.db.get('deliveries', deliveryId)
  const webhook = delivery && (await ctx.db.get('webhooks', delivery.webhookId))
  if (!webhook || delivery.state !== 'waiting') return null
  return { url: webhook.url, secret: webhook.secret, body: delivery.body }
}

/** The attempt was answered: without `error` the receiver took it. An older attempt changes nothing. */
export async function settleAttempt(
  ctx: MutationCtx,
  deliveryId: Id<'deliveries'>,
  { attempt, error }: { attempt: number; error?: string | undefined },
): Promise<void> {
  const delivery = await ctx.db.get('deliveries', deliveryId)
  if (delivery?.state !== 'waiting') return
  if (error === undefined) await settle(ctx, delivery, 'delivered', undefined)
  else if (delivery.attempts === attempt) {
    const isLast = attempt > delivering.backoffMs.length
    if (isLast) await settle(ctx, delivery, 'failed', cut(error))
    else await ctx.db.patch('deliveries', deliveryId, { error: cut(error) })
  }
}

/** Nothing was heard of the last attempt. */
export async function giveUp(ctx: MutationCtx, deliveryId: Id<'deliveries'>, attempt: number): Promise<void> {
  await settleAttempt(ctx, deliveryId, { attempt, error: 'It was not heard of any more.' })
}

/** Begins again with one that was given up. Does nothing to another one. */
export async function tryAgain(ctx: MutationCtx, delivery: Doc<'deliveries'>): Promise<void> {
  if (delivery.state !== 'failed') return
  const { _id: deliveryId } = delivery
  const waiting = { state: 'waiting' as const, attempts: 0, nextAttemptAt: Date.now(), settledAt: undefined }
  await ctx.db.patch('deliveries', deliveryId, waiting)
  await ctx.scheduler.runAfter(0, internal.webhooks.attempt, { deliveryId, attempt: 1 })
}

/** The newest first. */
export async function deliveriesOf(
  ctx: QueryCtx,
  webhookId: Id<'webhooks'>,
  count: number,
): Promise<Doc<'deliveries'>[]> {
  return await ctx.db
    .query('deliveries')
    .withIndex('by_webhook', (q) => q.eq('webhookId', webhookId))
    .order('desc')
    .take(count)
}

/** One step of the end of a webhook that is gone; schedules the one after it until nothing is left. */
export async function removeRestOfWebhook(ctx: MutationCtx, webhookId: Id<'webhooks'>): Promise<void> {
  const some = await deliveriesOf(ctx, webhookId, DELETED)
  for (const { _id } of some) await ctx.db.delete('deliveries', _id)
  if (some.length < DELETED) return
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.removeRestOfWebhook, { webhookId })
}

async function settle(
  ctx: MutationCtx,
  { _id }: Doc<'deliveries'>,
  state: 'delivered' | 'failed',
  error: string | undefined,
): Promise<void> {
  await ctx.db.patch('deliveries', _id, { state, settledAt: Date.now(), nextAttemptAt: undefined, error })
}
