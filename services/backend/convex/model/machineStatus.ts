import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'

/**
 * Makes the machine's status say what its workers' say: online while any of them is. Called in the transaction that
 * changed a worker, so that no moment shows the two in disagreement. Answers the machine as it was before; null if it is gone.
 */
export async function refreshMachineStatus(
  ctx: MutationCtx,
  machineId: Id<'machines'>,
  at: number,
): Promise<Doc<'machines'> | null> {
  const machine = await ctx.db.get('machines', machineId)
  if (machine === null) return null
  const onlineWorker = await ctx.db
    .query('workers')
    .withIndex('by_machine_and_status', (q) => q.eq('machineId', machineId).eq('status', 'online'))
    .first()
  const status = onlineWorker ? 'online' : 'offline'
  if (machine.status !== status) await ctx.db.patch('machines', machineId, { status, statusChangedAt: at })
  return machine
}
