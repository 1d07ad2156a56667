import type { Progress } from '../report/Progress'
import { sumOf, type FleetCosts } from './Cost'
import { CountedFleet, PER_MACHINE } from './CountedFleet'
import { CountedPresence } from './CountedPresence'
import { countReruns } from './countReruns'
import { stopClock, type StoppedClock } from './stopClock'

const FLEETS = [10, 1_000, 5_000, 20_000] as const

/** Machines on which somebody is stale in `fiveStale`. */
const FIVE = 5
/** Taken offline in one transaction, by us (`SWEEP_BATCH`) and by the peer (`DISCONNECT_BATCH`). */
const OUR_BATCH = 100
const PRESENCE_BATCH = 64

export interface CostResult {
  ours: FleetCosts[]
  presence: FleetCosts[]
  /** Queries of an open page that run again for one heartbeat of ours. */
  reruns: number
}

/** Counts documents and functions of each operation in fleets of these sizes. */
export async function measureCost({
  sizes = FLEETS,
  progress,
}: {
  sizes?: readonly number[]
  progress?: Progress
}): Promise<CostResult> {
  const reruns = await countReruns()
  const clock = stopClock()
  try {
    const ours: FleetCosts[] = []
    const presence: FleetCosts[] = []
    for (const workers of sizes) {
      progress?.say(`cost: counting a fleet of ${workers}`)
      ours.push(await ourCosts(workers, clock))
      presence.push(await presenceCosts(workers, clock))
    }
    return { ours, presence, reruns }
  } finally {
    clock.release()
  }
}

async function ourCosts(workers: number, clock: StoppedClock): Promise<FleetCosts> {
  const fleet = await CountedFleet.make(workers, clock)
  const heartbeat = await fleet.heartbeat()
  const idleSweep = await fleet.sweep(0)
  const lists = await fleet.lists()
  // Five machines are more than the smallest fleet has.
  const least = FIVE * PER_MACHINE
  const five = workers < least ? await CountedFleet.make(least, clock) : fleet
  await five.silence(FIVE)
  const fiveStale = await five.sweep(FIVE)
  const left = five === fleet ? workers - FIVE : workers
  fleet.silenceAll()
  const grace = await fleet.sweep(0)
  fleet.silenceAll()
  const batch = await fleet.sweep(Math.min(OUR_BATCH, left))
  // The grace, and a last one that is not full.
  const transactions = 1 + Math.floor(left / OUR_BATCH) + 1
  const largest = grace.read > batch.read ? grace : batch
  return {
    ...{ workers, heartbeat, idleSweep, fiveStale },
    allStale: { transactions, largest },
    fleetList: sumOf(lists.machines, lists.workers),
  }
}

async function presenceCosts(workers: number, clock: StoppedClock): Promise<FleetCosts> {
  const presence = await CountedPresence.make(workers, clock)
  const heartbeat = await presence.heartbeat()
  const idleSweep = await presence.sweep()
  const fleetList = await presence.list()
  const least = FIVE * PER_MACHINE
  const five = workers < least ? await CountedPresence.make(least, clock) : presence
  await five.silence(FIVE)
  const fiveStale = sumOf(await five.sweep(), await five.sweep())
  const found = await five.offline()
  if (found !== FIVE) throw new Error(`@convex-dev/presence found ${found} of ${FIVE}`)
  const left = five === presence ? workers - FIVE : workers
  presence.silenceAll()
  const largest = await presence.sweep()
  const transactions = Math.floor(left / PRESENCE_BATCH) + 1
  return { workers, heartbeat, idleSweep, fiveStale, allStale: { transactions, largest }, fleetList }
}
