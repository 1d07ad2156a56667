/**
 * What is wrong with workers and with the fleet, for people: administrators see all, everybody else what concerns the machines that
 * are theirs or shared with them. The rules are in `model/alerts`.
 */
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { v, type Infer } from 'convex/values'
import type { Doc } from './_generated/dataModel'
import { internalMutation } from './_generated/server'
import { userMutation, userQuery } from './functions'
import { alertFor, announceUnmuted, mute as muteAlert, openAlertsFor } from './model/alerts'
import { alertEvidence, alertRule, alertSubject } from './model/alertValidators'
import { judgeFleet as judge } from './model/alertWatch'
import { pageOf } from './model/bounds'
import { refusal } from './model/errors'
import { personName } from './model/views'

const alertView = v.object({
  id: v.id('alerts'),
  rule: alertRule,
  subject: v.optional(alertSubject.omit('ownerId')),
  openedAt: v.number(),
  resolvedAt: v.optional(v.number()),
  evidence: alertEvidence,
  /** Also one that is over: the time of the mute may be to come. */
  mute: v.optional(v.object({ until: v.number(), by: v.string() })),
})

function viewAlert({
  _id,
  rule,
  subject,
  openedAt,
  resolvedAt,
  evidence,
  mute,
}: Doc<'alerts'>): Infer<typeof alertView> {
  return {
    ...{ id: _id, rule, openedAt, evidence },
    ...(subject && { subject: withoutOwner(subject) }),
    ...(resolvedAt !== undefined && { resolvedAt }),
    ...(mute && { mute }),
  }
}

function withoutOwner({ workerId, machineId, worker, machine }: Infer<typeof alertSubject>) {
  return { workerId, machineId, worker, machine }
}

/** The open ones, newest first, at most `limits.pageSize`. `mayMute`: whether the caller may. Times in ms since 1970. */
export const open = userQuery({
  args: {},
  returns: v.array(alertView.extend({ mayMute: v.boolean() })),
  handler: async (ctx) => {
    const found = await openAlertsFor(ctx, await ctx.db.get('users', ctx.userId))
    return found.map(({ alert, mayMute }) => ({ ...viewAlert(alert), mayMute }))
  },
})

/** Those that are over, newest first; for somebody who is no administrator: of their own machines. Times in ms since 1970. */
export const past = userQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(alertView),
  handler: async (ctx, { paginationOpts }) => {
    const { userId } = ctx
    const user = await ctx.db.get('users', userId)
    const all = ctx.db.query('alerts')
    const visible = user?.isAdmin
      ? all.withIndex('by_open', (q) => q.eq('isOpen', false))
      : all.withIndex('by_owner', (q) => q.eq('subject.ownerId', userId).eq('isOpen', false))
    const found = await visible.order('desc').paginate(pageOf(paginationOpts))
    return { ...found, page: found.page.map(viewAlert) }
  },
})

/**
 * Nobody is told of the alert for so many milliseconds from now; 0 ends that. For administrators and the machine's owner. Throws
 * `NOT_FOUND`, `FORBIDDEN`, `ARGUMENT_INVALID`.
 */
export const mute = userMutation({
  args: { alertId: v.id('alerts'), forMs: v.number() },
  returns: v.null(),
  handler: async (ctx, { alertId, forMs }) => {
    const user = await ctx.db.get('users', ctx.userId)
    const { alert, mayMute } = await alertFor(ctx, user, alertId)
    if (!mayMute) throw refusal('FORBIDDEN', 'Only the owner of this machine may do that.')
    await muteAlert(ctx, alert, { forMs, by: personName(user) })
    return null
  },
})

/** The time of a mute may be over. */
export const endMute = internalMutation({
  args: { alertId: v.id('alerts') },
  returns: v.null(),
  handler: async (ctx, { alertId }) => {
    await announceUnmuted(ctx, alertId)
    return null
  },
})

/** The judgement that was due at `dueAt`, ms since 1970. */
export const judgeFleet = internalMutation({
  args: { dueAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { dueAt }) => {
    await judge(ctx, dueAt)
    return null
  },
})
