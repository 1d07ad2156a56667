import type { FleetCosts } from './Cost'
import { ourDay } from './days'
import type { CostResult } from './measureCost'

/** What an operation may cost at most, whatever the size of the fleet: documents, and functions. */
export const budgets = {
  heartbeat: { calls: 1, read: 2, written: 1, scheduled: 0 },
  reruns: 0,
  idleSweepRead: 4,
  /** `scheduled`: the next sweep, and one judgement for alerts. */
  fiveStale: { read: 55, written: 25, scheduled: 2 },
  /** A transaction of Convex may scan so many documents (https://docs.convex.dev/production/state/limits). */
  transactionRead: 32_000,
  /** A page of machines, the workers of one, and who asks. */
  fleetListRead: 200 + 50 + 10,
  /** Function calls per worker and day, in fleets of a thousand and more. */
  callsPerWorkerDay: 2_885,
} as const

/** What costs more than it may, as sentences; none if all is well. */
function overBudget({ workers, heartbeat, idleSweep, fiveStale, allStale, fleetList }: FleetCosts): string[] {
  const faults: string[] = []
  const check = (what: string, is: number, most: number) => {
    if (is > most) faults.push(`with ${workers} workers ${what}: ${is}, at most ${most}`)
  }
  for (const key of ['calls', 'read', 'written', 'scheduled'] as const) {
    check(`a heartbeat, ${key}`, heartbeat[key], budgets.heartbeat[key])
  }
  check('a sweep that finds nobody, read', idleSweep.read, budgets.idleSweepRead)
  for (const key of ['read', 'written', 'scheduled'] as const) {
    check(`a sweep that finds five, ${key}`, fiveStale[key], budgets.fiveStale[key])
  }
  check('all stale, read in one transaction', allStale.largest.read, budgets.transactionRead)
  check('the fleet list, read', fleetList.read, budgets.fleetListRead)
  if (workers >= 1_000) {
    const { calls } = ourDay({ workers, heartbeat, idleSweep })
    check('calls per worker and day', calls / workers, budgets.callsPerWorkerDay)
  }
  return faults
}

/** The same of the whole count. */
export function faultsOfCost({ ours, reruns }: CostResult): string[] {
  const again = reruns > budgets.reruns ? [`a heartbeat runs ${reruns} queries of a page again`] : []
  return [...again, ...ours.flatMap(overBudget)]
}
