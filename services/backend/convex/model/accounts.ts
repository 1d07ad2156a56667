/** The end of an account with all that belongs to it, in steps that each fit a transaction. */
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import { Tally } from './metricsTally'
import { partsOf } from './parts'
import { removeRestOfMachine } from './revocation'
import { endShare } from './shares'
import { endSignIn, signInsOf } from './signIns'

/** Documents in one transaction. */
const DOCUMENTS = 100
/** Administrators looked at: a deployment has a handful. */
const PEOPLE = 1_000

/** Throws `LAST_ADMINISTRATOR` for the only one of a deployment that others have accounts on. */
export async function requireSuccessor(ctx: QueryCtx, user: Doc<'users'>): Promise<void> {
  if (user.isAdmin !== true) return
  const others = (await ctx.db.query('users').take(PEOPLE)).filter(({ _id }) => _id !== user._id)
  if (others.length > 0 && !others.some(({ isAdmin }) => isAdmin)) throw refusal('LAST_ADMINISTRATOR')
}

/** Nobody can sign in to it or is signed in to it any more; the rest goes in scheduled steps. */
export async function removeAccount(ctx: MutationCtx, userId: Id<'users'>): Promise<void> {
  await ctx.db.delete('users', userId)
  for (const signIn of await signInsOf(ctx, userId)) await endSignIn(ctx, signIn)
  const accounts = await ctx.db
    .query('authAccounts')
    .withIndex('userIdAndProvider', (q) => q.eq('userId', userId))
    .take(DOCUMENTS)
  for (const { _id } of accounts) await ctx.db.delete('authAccounts', _id)
  await ctx.scheduler.runAfter(0, internal.cleanupTasks.removeRestOfAccount, { userId })
}

/** One step; schedules the one after it until nothing is left. */
export async function removeRestOfAccount(ctx: MutationCtx, userId: Id<'users'>): Promise<void> {
  if (await removeNextOf(ctx, userId)) {
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.removeRestOfAccount, { userId })
  }
}

/** Answers whether there was anything. */
async function removeNextOf(ctx: MutationCtx, userId: Id<'users'>): Promise<boolean> {
  const signIns = await signInsOf(ctx, userId)
  for (const signIn of signIns) await endSignIn(ctx, signIn)
  if (signIns.length > 0) return true

  const machine = await ctx.db
    .query('machines')
    .withIndex('by_owner_and_name', (q) => q.eq('ownerId', userId))
    .first()
  if (machine) {
    await ctx.db.delete('machines', machine._id)
    await removeRestOfMachine(ctx, machine._id, false)
    return true
  }

  const share = await ctx.db
    .query('shares')
    .withIndex('by_user', (q) => q.eq('userId', userId))
    .first()
  if (share) {
    await endShare(ctx, share)
    return true
  }

  // On machines of others; those on their own ones go with the machine.
  const session = await ctx.db
    .query('sessions')
    .withIndex('by_user_and_worker', (q) => q.eq('userId', userId))
    .first()
  if (session) {
    await removeNextOfChat(ctx, session)
    return true
  }

  const trail = await ctx.db
    .query('auditEvents')
    .withIndex('by_user', (q) => q.eq('userId', userId))
    .take(DOCUMENTS)
  for (const { _id } of trail) await ctx.db.delete('auditEvents', _id)
  return trail.length > 0
}

async function removeNextOfChat(ctx: MutationCtx, session: Doc<'sessions'>): Promise<void> {
  const message = await ctx.db
    .query('messages')
    .withIndex('by_session', (q) => q.eq('sessionId', session._id))
    .first()
  if (message === null) {
    await ctx.db.delete('sessions', session._id)
    await new Tally().session(session, null).write(ctx, session.workerId)
    return
  }
  for (const part of await partsOf(ctx, message._id)) await ctx.db.delete('parts', part._id)
  const requests = await ctx.db
    .query('requests')
    .withIndex('by_message_and_key', (q) => q.eq('messageId', message._id))
    .take(DOCUMENTS)
  for (const { _id } of requests) await ctx.db.delete('requests', _id)
  await ctx.db.delete('messages', message._id)
  await new Tally().answer(message, null).write(ctx, session.workerId)
}
