/** The end of alerts, with what was told of them. In steps that each fit a transaction. */
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'

/** Alerts in one transaction. There are at most two messages about each to each webhook. */
const ALERTS = 20
const DELIVERIES = 2 * limits.webhooks

/**
 * Deletes alerts that are over and were raised before `before` (ms since 1970) or before the last `limits.alerts`, and test messages
 * from before `before`.
 */
export async function deleteOldAlerts(ctx: MutationCtx, before: number): Promise<void> {
  const past = await ctx.db
    .query('alerts')
    .withIndex('by_open', (q) => q.eq('isOpen', false).lt('openedAt', before))
    .take(ALERTS)
  const newest = await ctx.db.query('alerts').order('desc').first()
  const tooMany = await ctx.db
    .query('alerts')
    .withIndex('by_ordinal', (q) =>
      q.eq('isOpen', false).lte('ordinal', (newest?.ordinal ?? 0) - limits.alerts),
    )
    .take(ALERTS - past.length)
  const old = [...past, ...tooMany.filter(({ _id }) => past.every((other) => other._id !== _id))]
  for (const { _id } of old) await deleteAlert(ctx, _id)
  const tests = await ctx.db
    .query('deliveries')
    .withIndex('by_alert', (q) => q.eq('alertId', undefined).lt('_creationTime', before))
    .take(DELIVERIES)
  for (const { _id } of tests) await ctx.db.delete('deliveries', _id)
  if (past.length + tooMany.length === ALERTS || tests.length === DELIVERIES)
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteOldAlerts, { before })
}

/** Deletes some of the alerts about a worker; answers whether that was all. */
export async function deleteAlertsOf(ctx: MutationCtx, workerId: Id<'workers'>): Promise<boolean> {
  const some = await ctx.db
    .query('alerts')
    .withIndex('by_worker', (q) => q.eq('subject.workerId', workerId))
    .take(ALERTS)
  for (const { _id } of some) await deleteAlert(ctx, _id)
  return some.length < ALERTS
}

async function deleteAlert(ctx: MutationCtx, alertId: Id<'alerts'>): Promise<void> {
  const deliveries = await ctx.db
    .query('deliveries')
    .withIndex('by_alert', (q) => q.eq('alertId', alertId))
    .take(DELIVERIES)
  for (const { _id } of deliveries) await ctx.db.delete('deliveries', _id)
  await ctx.db.delete('alerts', alertId)
}
