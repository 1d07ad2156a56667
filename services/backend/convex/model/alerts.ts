/**
 * What is wrong with a worker or with the fleet, from the moment it is until it is not any more. Owns: `alerts`. Who is told of it
 * is `deliveries`.
 */
import type { Infer } from 'convex/values'
import { alerting } from '../../contract/alerts'
import { limits } from '../../contract/limits'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import type { Evidence } from './alertJudgement'
import type { alertRule, alertSubject } from './alertValidators'
import { whole } from './bounds'
import { tell } from './deliveries'
import { refusal } from './errors'
import { roleOn, sharesWith } from './roles'

type Rule = Infer<typeof alertRule>
type Subject = Infer<typeof alertSubject>

/** Raises the alert, or brings the evidence of one that is open up to date. One that was muted before is muted still. */
export async function raise(ctx: MutationCtx, evidence: Evidence, subject?: Subject): Promise<void> {
  if (await refresh(ctx, evidence, subject)) return
  const last = await lastOf(ctx, evidence.rule, subject?.workerId)
  const now = Date.now()
  const mute = last?.mute && last.mute.until > now ? last.mute : undefined
  const newest = await ctx.db.query('alerts').order('desc').first()
  const alertId = await ctx.db.insert('alerts', {
    ...{ rule: evidence.rule, isOpen: true, ordinal: (newest?.ordinal ?? 0) + 1, openedAt: now, evidence },
    ...(subject && { subject }),
    ...(mute && { mute }),
  })
  if (mute) await ctx.scheduler.runAt(mute.until, internal.alerts.endMute, { alertId })
  else await announce(ctx, alertId)
}

/** Brings the evidence of the alert up to date, if it is open; answers whether it is. */
export async function refresh(ctx: MutationCtx, evidence: Evidence, subject?: Subject): Promise<boolean> {
  const last = await lastOf(ctx, evidence.rule, subject?.workerId)
  if (!last?.isOpen) return false
  await ctx.db.patch('alerts', last._id, { evidence })
  return true
}

/** Ends the alert, if there is an open one; those who were told that it began are told that it ended. */
export async function resolve(ctx: MutationCtx, rule: Rule, workerId?: Id<'workers'>): Promise<void> {
  const last = await lastOf(ctx, rule, workerId)
  if (!last?.isOpen) return
  const resolved = { isOpen: false, resolvedAt: Date.now() }
  await ctx.db.patch('alerts', last._id, resolved)
  if (last.isTold) await tell(ctx, 'resolved', { ...last, ...resolved })
}

/**
 * Tells nobody of the alert for `forMs` from now, also if it ends and comes again meanwhile; 0 ends that. One that is still open
 * then and was never told of is told. Throws `ARGUMENT_INVALID`.
 */
export async function mute(
  ctx: MutationCtx,
  alert: Doc<'alerts'>,
  { forMs, by }: { forMs: number; by: string },
): Promise<void> {
  if (forMs !== 0) whole('forMs', forMs, alerting.muteMs)
  const until = Date.now() + forMs
  await ctx.db.patch('alerts', alert._id, { mute: forMs === 0 ? undefined : { until, by } })
  await ctx.scheduler.runAt(until, internal.alerts.endMute, { alertId: alert._id })
}

/** The time of a mute may be over: tells of what is wrong still. */
export async function announceUnmuted(ctx: MutationCtx, alertId: Id<'alerts'>): Promise<void> {
  const alert = await ctx.db.get('alerts', alertId)
  if (!alert?.isOpen || alert.isTold || (alert.mute && alert.mute.until > Date.now())) return
  await announce(ctx, alertId)
}

/** An alert that somebody may see, and whether they may mute it. */
interface Seen {
  alert: Doc<'alerts'>
  mayMute: boolean
}

/** The open alerts that somebody may see, newest first, at most `limits.pageSize`. */
export async function openAlertsFor(ctx: QueryCtx, user: Doc<'users'> | null): Promise<Seen[]> {
  if (!user) return []
  const all = () => ctx.db.query('alerts')
  if (user.isAdmin) {
    const open = all().withIndex('by_open', (q) => q.eq('isOpen', true))
    return (await open.order('desc').take(limits.pageSize)).map((alert) => ({ alert, mayMute: true }))
  }
  const own = await all()
    .withIndex('by_owner', (q) => q.eq('subject.ownerId', user._id).eq('isOpen', true))
    .order('desc')
    .take(limits.pageSize)
  const shares = await sharesWith(ctx, user._id)
  const shared = await Promise.all(
    shares.map(({ machineId }) =>
      all()
        .withIndex('by_machine', (q) => q.eq('subject.machineId', machineId).eq('isOpen', true))
        .take(limits.workersPerMachine),
    ),
  )
  return [
    ...own.map((alert) => ({ alert, mayMute: true })),
    ...shared.flat().map((alert) => ({ alert, mayMute: false })),
  ]
    .sort((a, b) => b.alert.openedAt - a.alert.openedAt)
    .slice(0, limits.pageSize)
}

/** The alert, for who may see it: administrators, and whoever may see its worker. Throws `NOT_FOUND`. */
export async function alertFor(
  ctx: QueryCtx,
  user: Doc<'users'> | null,
  alertId: Id<'alerts'>,
): Promise<Seen> {
  const alert = await ctx.db.get('alerts', alertId)
  if (!alert || !user) throw refusal('NOT_FOUND')
  if (user.isAdmin) return { alert, mayMute: true }
  const machine = alert.subject && (await ctx.db.get('machines', alert.subject.machineId))
  const role = machine && (await roleOn(ctx, user._id, machine))
  if (!role) throw refusal('NOT_FOUND')
  return { alert, mayMute: role === 'owner' }
}

async function announce(ctx: MutationCtx, alertId: Id<'alerts'>): Promise<void> {
  await ctx.db.patch('alerts', alertId, { isTold: true })
  const alert = await ctx.db.get('alerts', alertId)
  if (alert) await tell(ctx, 'opened', alert)
}

async function lastOf(ctx: QueryCtx, rule: Rule, workerId: Id<'workers'> | undefined) {
  return await ctx.db
    .query('alerts')
    .withIndex('by_rule_and_worker', (q) => q.eq('rule', rule).eq('subject.workerId', workerId))
    .order('desc')
    .first()
}
