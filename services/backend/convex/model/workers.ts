import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import { Tally } from './metricsTally'
import { cleanName } from './names'

export async function workerByName(
  ctx: QueryCtx,
  machineId: Id<'machines'>,
  name: string,
): Promise<Doc<'workers'> | null> {
  return await ctx.db
    .query('workers')
    .withIndex('by_machine_and_name', (q) => q.eq('machineId', machineId).eq('name', name))
    .unique()
}

/** Makes a worker with its liveness document, which has its machine's stale threshold. Throws `NAME_INVALID`, `NAME_TAKEN` or `LIMIT_REACHED`. */
export async function createWorker(
  ctx: MutationCtx,
  wanted: { machineId: Id<'machines'>; name: string; secretHash: string; approval: 'pending' | 'approved' },
): Promise<Id<'workers'>> {
  const name = cleanName(wanted.name)
  if (await workerByName(ctx, wanted.machineId, name)) {
    throw refusal('NAME_TAKEN', `This machine already has a worker “${name}”.`)
  }
  const present = await workersOf(ctx, wanted.machineId)
  if (present.length === limits.workersPerMachine) throw refusal('LIMIT_REACHED')
  const workerId = await ctx.db.insert('workers', {
    ...wanted,
    name,
    status: 'offline',
    statusChangedAt: Date.now(),
    epoch: 0,
    runningPrompts: 0,
  })
  const machine = await ctx.db.get('machines', wanted.machineId)
  const staleAfterMs = machine?.overrides?.staleThresholdMs
  await ctx.db.insert('liveness', { workerId, online: false, lastHeartbeatAt: 0, seq: 0, staleAfterMs })
  await new Tally().worker(null, { approval: wanted.approval, status: 'offline' }).write(ctx, workerId)
  return workerId
}

/** A machine's workers by name. */
export async function workersOf(ctx: QueryCtx, machineId: Id<'machines'>): Promise<Doc<'workers'>[]> {
  return await ctx.db
    .query('workers')
    .withIndex('by_machine_and_name', (q) => q.eq('machineId', machineId))
    .take(limits.workersPerMachine)
}
