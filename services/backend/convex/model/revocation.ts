/** The end of a worker's rights, and of a machine with all that was on it. In steps that each fit a transaction. */
import { MINUTE } from '../../contract/time'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { livenessOf } from './access'
import { deleteAlertsOf } from './alertRetention'
import { resolve } from './alerts'
import { openInvitations, spend } from './invitations'
import { Tally } from './metricsTally'
import { endOnline } from './presence'
import { refreshProgress } from './progress'
import { sharesOf } from './shares'
import { workersOf } from './workers'

/** Documents in one transaction. A message may be a megabyte, and Convex reads at most sixteen in one. */
const MESSAGES = 10
const DOCUMENTS = 100

/** A removed machine's processes are told that they were revoked; after this they are told that nobody knows them. */
const REMOVAL_GRACE_MS = 5 * MINUTE

/**
 * Takes every right from a worker, for good: offline in this transaction, its incarnation closed, nothing of it accepted any
 * more. What waits for it fails, here or in a scheduled continuation. Does nothing to one that was revoked before.
 */
export async function revoke(ctx: MutationCtx, worker: Doc<'workers'>): Promise<void> {
  if (worker.approval === 'revoked') return
  const { incarnation } = worker
  await ctx.db.patch('workers', worker._id, {
    approval: 'revoked',
    ...(incarnation && { incarnation: { ...incarnation, closedAt: incarnation.closedAt ?? Date.now() } }),
  })
  const tally = new Tally()
  const known = { reason: 'revoked' as const, noticedBy: 'backend' as const, evidence: {} }
  const before = worker.status === 'online' ? await endOnline(ctx, worker, known, tally) : worker
  await tally.worker(before, { ...before, approval: 'revoked' }).write(ctx, worker._id)
  await resolve(ctx, 'flapping', worker._id)
  await failWaiting(ctx, worker._id)
}

/** Answers that nobody will write. */
export async function failWaiting(ctx: MutationCtx, workerId: Id<'workers'>): Promise<void> {
  const waiting = await ctx.db
    .query('messages')
    .withIndex('by_worker_and_status', (q) => q.eq('workerId', workerId).eq('status', 'queued'))
    .take(DOCUMENTS)
  const tally = new Tally()
  for (const answer of waiting) {
    tally.answer(answer, { status: 'failed' })
    await ctx.db.patch('messages', answer._id, {
      status: 'failed',
      cause: 'The worker was revoked before this was answered.',
      finishedAt: Date.now(),
    })
    await refreshProgress(ctx, answer.sessionId)
  }
  await tally.write(ctx, workerId)
  if (waiting.length === DOCUMENTS) {
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.failWaitingOf, { workerId })
  }
}

/**
 * One step of the end of a machine that is gone: nobody shares it any more; revokes its next worker, or else, after `REMOVAL_GRACE_MS`, deletes the next
 * documents of one. Schedules the step after it until nothing is left.
 */
export async function removeRestOfMachine(
  ctx: MutationCtx,
  machineId: Id<'machines'>,
  isGraceOver: boolean,
): Promise<void> {
  for (const share of await sharesOf(ctx, machineId)) await ctx.db.delete('shares', share._id)
  for (const invitation of await openInvitations(ctx, machineId)) await spend(ctx, invitation)
  const workers = await workersOf(ctx, machineId)
  const open = workers.find(({ approval }) => approval !== 'revoked')
  const next = (delayMs: number, isGraceOver: boolean) =>
    ctx.scheduler.runAfter(delayMs, internal.cleanupTasks.removeRestOfMachine, { machineId, isGraceOver })
  if (open) {
    await revoke(ctx, open)
    await next(0, false)
  } else if (!isGraceOver) {
    await next(REMOVAL_GRACE_MS, true)
  } else if (workers[0]) {
    await deleteNextOf(ctx, workers[0]._id)
    await next(0, true)
  }
}

/** One step of the end of a worker that is gone; schedules the step after it until nothing is left. */
export async function removeRestOfWorker(ctx: MutationCtx, workerId: Id<'workers'>): Promise<void> {
  const isOver = await deleteNextOf(ctx, workerId)
  if (!isOver) await ctx.scheduler.runAfter(0, internal.cleanupTasks.removeRestOfWorker, { workerId })
}

/** Deletes some of what belongs to a worker, in the end the worker itself if it is still there. Answers whether that was all. */
async function deleteNextOf(ctx: MutationCtx, workerId: Id<'workers'>): Promise<boolean> {
  const messages = await ctx.db
    .query('messages')
    .withIndex('by_worker_and_status', (q) => q.eq('workerId', workerId))
    .take(MESSAGES)
  const tally = new Tally()
  for (const message of messages) {
    await ctx.db.delete('messages', message._id)
    tally.answer(message, null)
  }
  await tally.write(ctx, workerId)
  if (messages.length === MESSAGES) return false

  const sessions = await ctx.db
    .query('sessions')
    .withIndex('by_worker_and_status', (q) => q.eq('workerId', workerId))
    .take(DOCUMENTS)
  for (const session of sessions) {
    await ctx.db.delete('sessions', session._id)
    tally.session(session, null)
  }
  await tally.write(ctx, workerId)
  const events = await ctx.db
    .query('workerEvents')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .take(DOCUMENTS)
  for (const { _id } of events) await ctx.db.delete('workerEvents', _id)
  if (sessions.length === DOCUMENTS || events.length === DOCUMENTS) return false

  const parts = await ctx.db
    .query('parts')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .take(DOCUMENTS)
  for (const { _id } of parts) await ctx.db.delete('parts', _id)
  const requests = await ctx.db
    .query('requests')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .take(DOCUMENTS)
  for (const { _id } of requests) await ctx.db.delete('requests', _id)
  if (parts.length === DOCUMENTS || requests.length === DOCUMENTS) return false

  if (!(await deleteAlertsOf(ctx, workerId))) return false
  const days = await ctx.db
    .query('uptimeDays')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .take(DOCUMENTS)
  for (const { _id } of days) await ctx.db.delete('uptimeDays', _id)
  const models = await ctx.db
    .query('workerModels')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .unique()
  if (models) await ctx.db.delete('workerModels', models._id)
  await ctx.db.delete('liveness', (await livenessOf(ctx, workerId))._id)
  if (await ctx.db.get('workers', workerId)) await ctx.db.delete('workers', workerId)
  return true
}
