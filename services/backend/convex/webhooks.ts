/**
 * Receivers of alerts, for the deployment's administrators: what they receive is about everybody's machines. Told by `deliver`, as
 * Standard Webhooks has it: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { Webhook } from 'standardwebhooks'
import { v } from 'convex/values'
import { delivering } from '../contract/alerts'
import { internal } from './_generated/api'
import type { Doc, Id } from './_generated/dataModel'
import { internalAction, internalMutation, internalQuery } from './_generated/server'
import { userAction, userMutation, userQuery } from './functions'
import { alertNews, deliveryState, webhookShape } from './model/alertValidators'
import {
  beginAttempt,
  deliveriesOf,
  giveUp as giveDeliveryUp,
  messageOf,
  settleAttempt,
  tellOne,
  tryAgain as tryDeliveryAgain,
  type Message,
} from './model/deliveries'
import { refusal } from './model/errors'
import { requireAdmin } from './model/membership'
import { requireRoom } from './model/rateLimits'
import { makeWebhookSecret } from './model/tokens'
import { personName } from './model/views'
import { addWebhook, allWebhooks, removeWebhook, webhookOf } from './model/webhooks'

/** Shown of each webhook. */
const RECENT = 5

const deliveryView = v.object({
  id: v.id('deliveries'),
  news: alertNews,
  state: deliveryState,
  createdAt: v.number(),
  attempts: v.number(),
  nextAttemptAt: v.optional(v.number()),
  settledAt: v.optional(v.number()),
  error: v.optional(v.string()),
})

function viewDelivery(delivery: Doc<'deliveries'>) {
  const { _id, _creationTime, news, state, attempts, nextAttemptAt, settledAt, error } = delivery
  return {
    ...{ id: _id, news, state, createdAt: _creationTime, attempts },
    ...(nextAttemptAt !== undefined && { nextAttemptAt }),
    ...(settledAt !== undefined && { settledAt }),
    ...(error !== undefined && { error }),
  }
}

/** The first one first, with what they were told last. The address without its path, which may be a secret. Times in ms since 1970. Throws `FORBIDDEN`. */
export const list = userQuery({
  args: {},
  returns: v.array(
    v.object({
      id: v.id('webhooks'),
      host: v.string(),
      shape: webhookShape,
      createdAt: v.number(),
      by: v.string(),
      deliveries: v.array(deliveryView),
    }),
  ),
  handler: async (ctx) => {
    await requireAdmin(ctx, ctx.userId)
    const webhooks = await allWebhooks(ctx)
    return await Promise.all(
      webhooks.map(async ({ _id, _creationTime, url, shape, by }) => ({
        ...{ id: _id, host: new URL(url).host, shape, createdAt: _creationTime, by },
        deliveries: (await deliveriesOf(ctx, _id, RECENT)).map(viewDelivery),
      })),
    )
  },
})

/** Tells `url` of every alert from now on. Answers what the messages are signed with, this once. Throws `FORBIDDEN`, `URL_INVALID`, `LIMIT_REACHED`. */
export const add = userAction({
  args: { url: v.string(), shape: webhookShape },
  returns: v.object({ webhookId: v.id('webhooks'), secret: v.string() }),
  handler: async (ctx, { url, shape }): Promise<{ webhookId: Id<'webhooks'>; secret: string }> => {
    const secret = makeWebhookSecret()
    const { userId } = ctx
    const webhookId: Id<'webhooks'> = await ctx.runMutation(internal.webhooks.insert, {
      ...{ userId, url, shape, secret },
    })
    return { webhookId, secret }
  },
})

/** The database half of `add`. */
export const insert = internalMutation({
  args: { userId: v.id('users'), url: v.string(), shape: webhookShape, secret: v.string() },
  returns: v.id('webhooks'),
  handler: async (ctx, { userId, ...given }) => {
    await requireAdmin(ctx, userId)
    const by = personName(await ctx.db.get('users', userId))
    return await addWebhook(ctx, { ...given, by })
  },
})

/** Tells it nothing any more. Throws `FORBIDDEN`, `NOT_FOUND`. */
export const remove = userMutation({
  args: { webhookId: v.id('webhooks') },
  returns: v.null(),
  handler: async (ctx, { webhookId }) => {
    await requireAdmin(ctx, ctx.userId)
    await webhookOf(ctx, webhookId)
    await removeWebhook(ctx, webhookId)
    return null
  },
})

/** Sends it a message of no alert. Throws `FORBIDDEN`, `NOT_FOUND`, `RATE_LIMITED`. */
export const test = userMutation({
  args: { webhookId: v.id('webhooks') },
  returns: v.null(),
  handler: async (ctx, { webhookId }) => {
    await requireAdmin(ctx, ctx.userId)
    const webhook = await webhookOf(ctx, webhookId)
    await requireRoom(ctx, 'webhookTests', ctx.userId)
    await tellOne(ctx, webhook, 'test')
    return null
  },
})

/** Begins again with a message that was given up. Throws `FORBIDDEN`, `NOT_FOUND`. */
export const tryAgain = userMutation({
  args: { deliveryId: v.id('deliveries') },
  returns: v.null(),
  handler: async (ctx, { deliveryId }) => {
    await requireAdmin(ctx, ctx.userId)
    const delivery = await ctx.db.get('deliveries', deliveryId)
    if (!delivery) throw refusal('NOT_FOUND')
    await tryDeliveryAgain(ctx, delivery)
    return null
  },
})

/** The `attempt`-th attempt, from 1, is due. */
export const attempt = internalMutation({
  args: { deliveryId: v.id('deliveries'), attempt: v.number() },
  returns: v.null(),
  handler: async (ctx, { deliveryId, attempt }) => {
    await beginAttempt(ctx, deliveryId, attempt)
    return null
  },
})

/** Makes the attempt. Redirects are not followed: where a message goes is what an administrator typed. */
export const deliver = internalAction({
  args: { deliveryId: v.id('deliveries'), attempt: v.number() },
  returns: v.null(),
  handler: async (ctx, { deliveryId, attempt }) => {
    const message: Message | null = await ctx.runQuery(internal.webhooks.message, { deliveryId })
    if (message === null) return null
    const error = await post(deliveryId, message)
    await ctx.runMutation(internal.webhooks.settle, {
      ...{ deliveryId, attempt },
      ...(error !== undefined && { error }),
    })
    return null
  },
})

/** Answers why it was not taken, in words; undefined if it was. */
async function post(id: string, { url, secret, body }: Message): Promise<string | undefined> {
  const now = new Date()
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  }
  try {
    const signal = AbortSignal.timeout(delivering.timeoutMs)
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    await answer.body?.cancel()
    return answer.ok ? undefined : `It answered ${answer.status}.`
  } catch (thrown) {
    return wordsFor(thrown)
  }
}

function wordsFor(thrown: unknown): string {
  const { name, cause } = thrown as { name?: string; cause?: { code?: unknown } }
  if (name === 'TimeoutError' || name === 'AbortError') {
    return `It did not answer within ${delivering.timeoutMs / 1_000} s.`
  }
  return typeof cause?.code === 'string' ? `It cannot be reached (${cause.code}).` : 'It cannot be reached.'
}

/** The database half of `deliver`, before it. */
export const message = internalQuery({
  args: { deliveryId: v.id('deliveries') },
  returns: v.union(v.object({ url: v.string(), secret: v.string(), body: v.string() }), v.null()),
  handler: (ctx, { deliveryId }) => messageOf(ctx, deliveryId),
})

/** The database half of `deliver`, after it. */
export const settle = internalMutation({
  args: { deliveryId: v.id('deliveries'), attempt: v.number(), error: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, { deliveryId, ...outcome }) => {
    await settleAttempt(ctx, deliveryId, outcome)
    return null
  },
})

/** Nothing was heard of the last attempt. */
export const giveUp = internalMutation({
  args: { deliveryId: v.id('deliveries'), attempt: v.number() },
  returns: v.null(),
  handler: async (ctx, { deliveryId, attempt }) => {
    await giveDeliveryUp(ctx, deliveryId, attempt)
    return null
  },
})
