/** Receivers of alerts. Owns: `webhooks`. */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import type { webhookShape } from './alertValidators'
import { refusal } from './errors'

/** The first one first. */
export async function allWebhooks(ctx: QueryCtx): Promise<Doc<'webhooks'>[]> {
  return await ctx.db.query('webhooks').take(limits.webhooks)
}

/** Throws `LIMIT_REACHED`, `URL_INVALID`. */
export async function addWebhook(
  ctx: MutationCtx,
  { url, ...given }: { url: string; shape: Infer<typeof webhookShape>; secret: string; by: string },
): Promise<Id<'webhooks'>> {
  if ((await allWebhooks(ctx)).length === limits.webhooks) throw refusal('LIMIT_REACHED')
  return await ctx.db.insert('webhooks', { url: cleanUrl(url), ...given })
}

/** Tells it nothing any more, also not what waits. What it was told is deleted in steps. Does nothing if it is gone. */
export async function removeWebhook(ctx: MutationCtx, webhookId: Id<'webhooks'>): Promise<void> {
  if (!(await ctx.db.get('webhooks', webhookId))) return
  await ctx.db.delete('webhooks', webhookId)
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.removeRestOfWebhook, { webhookId })
}

/** The webhook. Throws `NOT_FOUND`. */
export async function webhookOf(ctx: QueryCtx, webhookId: Id<'webhooks'>): Promise<Doc<'webhooks'>> {
  const webhook = await ctx.db.get('webhooks', webhookId)
  if (!webhook) throw refusal('NOT_FOUND')
  return webhook
}

/** The address as it is called. Throws `URL_INVALID` for what is none, is not HTTP, or carries a name and password. */
function cleanUrl(text: string): string {
  const url = text.length <= limits.urlLength ? parse(text.trim()) : undefined
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (!url || !isHttp || url.username !== '' || url.password !== '') throw refusal('URL_INVALID')
  return url.href
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
