/** The whole fleet for whoever holds the admin key (`pnpm status`). Owns nothing. */
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { v } from 'convex/values'
import { internalQuery } from './_generated/server'
import { livenessOf } from './model/access'
import { approval, offlineReason, phase, status } from './model/validators'
import { workersOf } from './model/workers'

const workerStatus = v.object({
  id: v.id('workers'),
  name: v.string(),
  status,
  phase: v.union(phase, v.null()),
  approval,
  epoch: v.number(),
  offlineReason: v.union(offlineReason, v.null()),
  statusChangedAt: v.number(),
  /** Null before the first. */
  lastHeartbeatAt: v.union(v.number(), v.null()),
})

/** Machines with their workers, page by page, in the shape of `pnpm status --json`. Times in ms since 1970. */
export const list = internalQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(
    v.object({ id: v.id('machines'), name: v.string(), status, workers: v.array(workerStatus) }),
  ),
  handler: async (ctx, { paginationOpts }) => {
    const machines = await ctx.db.query('machines').paginate(paginationOpts)
    const page = await Promise.all(
      machines.page.map(async ({ _id, name, status }) => {
        const workers = await workersOf(ctx, _id)
        return {
          id: _id,
          name,
          status,
          workers: await Promise.all(
            workers.map(async (worker) => {
              const { lastHeartbeatAt } = await livenessOf(ctx, worker._id)
              return {
                id: worker._id,
                name: worker.name,
                status: worker.status,
                phase: worker.phase ?? null,
                approval: worker.approval,
                epoch: worker.epoch,
                offlineReason: worker.offline?.reason ?? null,
                statusChangedAt: worker.statusChangedAt,
                lastHeartbeatAt: lastHeartbeatAt === 0 ? null : lastHeartbeatAt,
              }
            }),
          ),
        }
      }),
    )
    return { ...machines, page }
  },
})
