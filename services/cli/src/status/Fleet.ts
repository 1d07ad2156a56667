import type { internal } from '@rollcall/backend/api'
import type { FunctionReturnType } from 'convex/server'

/** Machines with their workers, as `fleet:list` answers them and `status --json` prints them. Times in ms since 1970. */
export interface Fleet {
  machines: FleetMachine[]
}

export type FleetMachine = FunctionReturnType<typeof internal.fleet.list>['page'][number]
export type FleetWorker = FleetMachine['workers'][number]

export function isAnyOnline({ machines }: Fleet): boolean {
  return machines.some(({ status }) => status === 'online')
}

/** The same for two fleets that differ in nothing but signs of life. */
export function changeKey({ machines }: Fleet): string {
  return JSON.stringify(machines, (key, value: unknown) => (key === 'lastHeartbeatAt' ? undefined : value))
}
