import { defaultSettings, DAY, MINUTE } from '@rollcall/backend/contract'
import type { Cost, FleetCosts } from './Cost'
import { founding } from './peers'

const { heartbeatIntervalMs, staleThresholdMs } = defaultSettings

/** What a fleet costs in a day in which nobody comes or goes. */
export interface DayCost {
  calls: number
  read: number
  written: number
}

type Idle = Pick<FleetCosts, 'workers' | 'heartbeat' | 'idleSweep'>

function dayOf(workers: number, heartbeat: Cost, idleSweep: Cost, sweeps: number): DayCost {
  const beats = (workers * DAY) / heartbeatIntervalMs
  const of = (key: keyof DayCost) => beats * heartbeat[key] + sweeps * idleSweep[key]
  return { calls: of('calls'), read: of('read'), written: of('written') }
}

/** At most: the next sweep comes when the oldest of the heartbeats that this one saw is stale; and the cron. */
export function ourDay({ workers, heartbeat, idleSweep }: Idle): DayCost {
  const sweeps = DAY / (staleThresholdMs - heartbeatIntervalMs) + DAY / (2 * MINUTE)
  return dayOf(workers, heartbeat, idleSweep, sweeps)
}

/** At most: its loop comes at the oldest deadline that it saw, 2.5 intervals after a heartbeat. */
export function presenceDay({ workers, heartbeat, idleSweep }: Idle): DayCost {
  return dayOf(workers, heartbeat, idleSweep, DAY / (1.5 * heartbeatIntervalMs))
}

/** With one viewer, but without what the queries read that run again for them. */
export function foundingDay(workers: number): DayCost {
  const { heartbeat, counted, idleSweep, sweepEveryMs } = founding
  const day = dayOf(workers, heartbeat, idleSweep(workers), DAY / sweepEveryMs)
  return { ...day, calls: workers * counted.callsPerWorkerDay }
}
