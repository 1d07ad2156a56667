import type { api } from '@rollcall/backend/api'
import type { FunctionReturnType } from 'convex/server'

/** A worker as the backend shows it. Times in milliseconds since 1970, server time. */
export type WorkerView = FunctionReturnType<typeof api.workers.get>

type Machine = FunctionReturnType<typeof api.machines.list>['page'][number]

/** A machine with its workers. */
export type MachineView = Machine & { workers: WorkerView[] }

/** One transition of a worker, with its evidence. */
export type WorkerEvent = FunctionReturnType<typeof api.workerHistory.events>['page'][number]
