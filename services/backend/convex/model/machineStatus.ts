import type { Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'

/**
 * Makes the machine's status say what its workers' say: online while any of them is. Called in the transaction that
 * changed a worker, so that no moment shows the two in disagreement.
 */
export async function refreshMachineStatus(
  ctx: MutationCtx,
  machineId: Id<'machines'>,
  at: number,
): Promise<void> {
  const machine = await ctx.db.get('machines', machineId)
  if (machine === null) return
  const onlineWorker = await ctx.db
    .query('workers')
    .withIndex('by_machine_and_status', (q) => q.eq('machineId', machineId).eq('status', 'online'))
    .first()
  const status = onlineWorker ? 'online' : 'offline'
  if (machine.status !== status) await ctx.db.patch('machines', machineId, { status, statusChangedAt: at })
}
