/**
 * A command for all workers of a machine, one after another, so that most of them are there meanwhile. Owns: `machines.rollout`.
 *
 *   running ──the last one is done──▶ (none)
 *      │ └──the present one is done──▶ running, with the next one
 *      └──the present one is not done in time──▶ halted ──a new one──▶ running
 *
 * One that is to restart is done when its next run is ready; one that is to stop, when it is offline.
 */
import type { Infer } from 'convex/values'
import { MINUTE } from '../../contract/time'
import { internal } from '../_generated/api'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { mayBeOrdered, orderWorker } from './commands'
import { refusal } from './errors'
import type { command } from './validators'
import { workersOf } from './workers'

type Command = Infer<typeof command>

/** How long one worker may take, from its command on: an answer that it waits for may take a while. */
const PATIENCE_MS: Record<Command['when'], number> = { now: 5 * MINUTE, idle: 60 * MINUTE }

/** Tells every online worker of a machine, at once. Throws `WORKER_OFFLINE` if there is none. */
export async function orderAll(
  ctx: MutationCtx,
  machineId: Id<'machines'>,
  command: Command,
  by: string,
): Promise<void> {
  for (const worker of await thoseToOrder(ctx, machineId)) await orderWorker(ctx, worker, command, by)
  await ctx.db.patch('machines', machineId, { rollout: undefined })
}

/** Tells the online workers of a machine, one after another, in place of what was going on. Throws `WORKER_OFFLINE`. */
export async function beginRollout(
  ctx: MutationCtx,
  machineId: Id<'machines'>,
  command: Command,
  by: string,
): Promise<void> {
  const waiting = (await thoseToOrder(ctx, machineId)).map(({ _id }) => _id)
  await orderNext(ctx, machineId, { command, by, waiting })
}

/** Ends what is going on; the worker that has been told keeps its command. Safe to repeat. */
export async function endRollout(ctx: MutationCtx, machineId: Id<'machines'>): Promise<void> {
  await ctx.db.patch('machines', machineId, { rollout: undefined })
}

/** A worker is ready, or offline: if a rollout waits for that, it goes on. */
export async function continueRollout(
  ctx: MutationCtx,
  { _id, rollout }: Doc<'machines'>,
  worker: Doc<'workers'>,
  became: 'ready' | 'offline',
): Promise<void> {
  if (rollout?.current.workerId !== worker._id) return
  const isDone =
    rollout.command.kind === 'stop'
      ? became === 'offline'
      : worker.epoch > rollout.current.epoch && became === 'ready'
  if (isDone) await orderNext(ctx, _id, rollout)
}

/** What a worker was told is taken back: it is waited for no longer, and nobody else is told. */
export async function leaveRollout(
  ctx: MutationCtx,
  { _id, rollout }: Doc<'machines'>,
  workerId: Id<'workers'>,
): Promise<void> {
  if (rollout?.current.workerId === workerId) await endRollout(ctx, _id)
}

/** Halts a rollout that still waits for this worker's run. */
export async function haltRollout(
  ctx: MutationCtx,
  machineId: Id<'machines'>,
  { workerId, epoch }: { workerId: Id<'workers'>; epoch: number },
): Promise<void> {
  const rollout = (await ctx.db.get('machines', machineId))?.rollout
  if (rollout?.current.workerId !== workerId || rollout.current.epoch !== epoch) return
  await ctx.db.patch('machines', machineId, { rollout: { ...rollout, state: 'halted' } })
}

async function thoseToOrder(ctx: MutationCtx, machineId: Id<'machines'>): Promise<Doc<'workers'>[]> {
  const workers = (await workersOf(ctx, machineId)).filter(mayBeOrdered)
  if (workers.length === 0) throw refusal('WORKER_OFFLINE', 'None of its workers is online.')
  return workers
}

/** The next one that is still there. */
async function orderNext(
  ctx: MutationCtx,
  machineId: Id<'machines'>,
  { command, by, waiting }: { command: Command; by: string; waiting: Id<'workers'>[] },
): Promise<void> {
  for (const [index, workerId] of waiting.entries()) {
    const worker = await ctx.db.get('workers', workerId)
    if (worker === null || !mayBeOrdered(worker)) continue
    await orderWorker(ctx, worker, command, by)
    const current = { workerId, epoch: worker.epoch }
    const rollout = { command, by, current, waiting: waiting.slice(index + 1), state: 'running' as const }
    await ctx.db.patch('machines', machineId, { rollout })
    const patience = PATIENCE_MS[command.when]
    await ctx.scheduler.runAfter(patience, internal.cleanupTasks.haltRollout, { machineId, ...current })
    return
  }
  await ctx.db.patch('machines', machineId, { rollout: undefined })
}
