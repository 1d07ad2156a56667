import type { GenericQueryCtx, GenericDataModel } from 'convex/server'

/** What an operation costs, as convex-test counts it: a document that is written was read, too. */
export interface Cost {
  calls: number
  read: number
  written: number
  scheduled: number
}

/** Of one fleet, of so many workers. */
export interface FleetCosts {
  workers: number
  heartbeat: Cost
  /** A sweep that finds nobody. */
  idleSweep: Cost
  /** A sweep that finds five, on five machines, with everything that follows from it in the database. */
  fiveStale: Cost
  /** All of them stale at once: the transactions that it takes, and the largest of them. */
  allStale: { transactions: number; largest: Cost }
  /** One run of what lists a machine with its ten workers; with a machine list, that besides. */
  fleetList: Cost
}

export const nothing: Cost = { calls: 0, read: 0, written: 0, scheduled: 0 }

export function sumOf(...costs: readonly Cost[]): Cost {
  return costs.reduce(
    (sum, cost) => ({
      calls: sum.calls + cost.calls,
      read: sum.read + cost.read,
      written: sum.written + cost.written,
      scheduled: sum.scheduled + cost.scheduled,
    }),
    nothing,
  )
}

/** What the transaction has cost so far, as one call. */
export async function costSoFar(ctx: Pick<GenericQueryCtx<GenericDataModel>, 'meta'>): Promise<Cost> {
  const metrics = await ctx.meta.getTransactionMetrics()
  return {
    calls: 1,
    read: metrics.documentsRead.used,
    written: metrics.documentsWritten.used,
    scheduled: metrics.functionsScheduled.used,
  }
}
