import { randomUUID } from 'node:crypto'
import { startTimeOf } from './markedProcesses'

/** What a marker says: which worker, and which process of this machine is its incarnation. */
export interface Marker {
  workerId: string
  ownerPid: number
  /** Start time of the owner in clock ticks since boot, `-` where the platform does not tell. */
  ownerStartTime: string
}

/**
 * A marker for this process as the worker's current incarnation: `<workerId>/<pid>/<start time>/<random>`. The pid and its
 * start time let a later incarnation tell a dead owner from a living one.
 */
export function createMarker(workerId: string): string {
  const owner = [process.pid, startTimeOf(process.pid) ?? '-'].join('/')
  return [encodeURIComponent(workerId), owner, randomUUID()].join('/')
}

export function parseMarker(marker: string): Marker | undefined {
  const [workerId, pid, ownerStartTime, random, ...rest] = marker.split('/')
  const ownerPid = Number(pid)
  if (!workerId || !ownerStartTime || !random || rest.length > 0 || !Number.isSafeInteger(ownerPid))
    return undefined
  return { workerId: decodeURIComponent(workerId), ownerPid, ownerStartTime }
}

export function isOwnerAlive({ ownerPid, ownerStartTime }: Marker): boolean {
  return startTimeOf(ownerPid) === ownerStartTime
}
