/**
 * What a person may do with a machine and all that is on it. Owns: the order of the roles, and the look-ups by which every
 * function for people comes to a document. Somebody without a role is told `NOT_FOUND`, so that ids cannot be probed;
 * somebody with a lesser one, who knows that it exists, `FORBIDDEN`.
 */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import type { sharedRole } from './validators'

/** `viewer`: may look. `operator`: may chat and stop what was asked, too. `owner`: everything. */
export type Role = 'owner' | Infer<typeof sharedRole>

const rank: Record<Role, number> = { viewer: 0, operator: 1, owner: 2 }

const without: Record<Exclude<Role, 'viewer'>, string> = {
  owner: 'Only the owner of this machine may do that.',
  operator: 'You may look at this machine, not work with it. Ask its owner.',
}

export async function shareOf(
  ctx: QueryCtx,
  machineId: Id<'machines'>,
  userId: Id<'users'>,
): Promise<Doc<'shares'> | null> {
  return await ctx.db
    .query('shares')
    .withIndex('by_machine_and_user', (q) => q.eq('machineId', machineId).eq('userId', userId))
    .unique()
}

/** The machines of others that somebody may use. */
export async function sharesWith(ctx: QueryCtx, userId: Id<'users'>): Promise<Doc<'shares'>[]> {
  return await ctx.db
    .query('shares')
    .withIndex('by_user', (q) => q.eq('userId', userId))
    .take(limits.sharesPerUser)
}

/** Undefined for somebody who has nothing to do with the machine. */
export async function roleOn(
  ctx: QueryCtx,
  userId: Id<'users'>,
  machine: Doc<'machines'>,
): Promise<Role | undefined> {
  if (machine.ownerId === userId) return 'owner'
  return (await shareOf(ctx, machine._id, userId))?.role
}

/** The machine, for somebody whose role on it is at least `needed`. Throws `NOT_FOUND`, `FORBIDDEN`. */
export async function machineAs(
  ctx: QueryCtx,
  userId: Id<'users'>,
  machineId: Id<'machines'>,
  needed: Role,
): Promise<{ machine: Doc<'machines'>; role: Role }> {
  const machine = await ctx.db.get('machines', machineId)
  const role = machine && (await roleOn(ctx, userId, machine))
  if (!machine || !role) throw refusal('NOT_FOUND')
  if (rank[role] < rank[needed] && needed !== 'viewer') throw refusal('FORBIDDEN', without[needed])
  return { machine, role }
}

/** The worker, for somebody whose role on its machine is at least `needed`. Throws `NOT_FOUND`, `FORBIDDEN`. */
export async function workerAs(
  ctx: QueryCtx,
  userId: Id<'users'>,
  workerId: Id<'workers'>,
  needed: Role,
): Promise<{ worker: Doc<'workers'>; machine: Doc<'machines'>; role: Role }> {
  const worker = await ctx.db.get('workers', workerId)
  if (worker === null) throw refusal('NOT_FOUND')
  return { worker, ...(await machineAs(ctx, userId, worker.machineId, needed)) }
}

/** The answer, as by `sessionAs`. Throws `NOT_FOUND`, also for a message that is none, `FORBIDDEN`. */
export async function answerAs(
  ctx: QueryCtx,
  userId: Id<'users'>,
  messageId: Id<'messages'>,
  needed: Exclude<Role, 'owner'>,
): Promise<{ answer: Doc<'messages'>; session: Doc<'sessions'> }> {
  const answer = await ctx.db.get('messages', messageId)
  if (answer?.role !== 'assistant') throw refusal('NOT_FOUND')
  return { answer, session: await sessionAs(ctx, userId, answer.sessionId, needed) }
}

/**
 * The chat, for whoever started it, as long as their role on its machine is at least `needed`. Throws `NOT_FOUND`, also for
 * the machine's owner: a chat is its starter's own (docs/decisions/0009); `FORBIDDEN`.
 */
export async function sessionAs(
  ctx: QueryCtx,
  userId: Id<'users'>,
  sessionId: Id<'sessions'>,
  needed: Exclude<Role, 'owner'>,
): Promise<Doc<'sessions'>> {
  const session = await ctx.db.get('sessions', sessionId)
  if (session?.userId !== userId) throw refusal('NOT_FOUND')
  await workerAs(ctx, userId, session.workerId, needed)
  return session
}
