import type { MachineView, WorkerView } from '../src/presence/WorkerView'

/** Noon of a working day, local time: far from midnight, whatever the time zone. */
export const NOON = new Date(2026, 10, 23, 12, 0, 0).getTime()

/** A worker as the backend shows it, ready since noon, with what a test wants otherwise. */
export function aWorker(changes: Partial<WorkerView> = {}): WorkerView {
  return {
    id: 'w1' as WorkerView['id'],
    machineId: 'm1' as WorkerView['machineId'],
    name: 'docs',
    approval: 'approved',
    status: 'online',
    statusChangedAt: NOON,
    epoch: 1,
    phase: 'ready',
    phaseChangedAt: NOON,
    runningPrompts: 0,
    role: 'owner',
    process: {
      hostname: 'build-03',
      pid: 4711,
      directory: '/src',
      versions: { worker: '0.1.0', node: '20.19.0' },
      registeredAt: NOON,
    },
    ...changes,
  }
}

type Offline = NonNullable<WorkerView['offline']>

/** The same worker, offline with this reason and evidence since noon, last heard 90 s before. */
export function anOfflineWorker(known: Pick<Offline, 'reason' | 'evidence'>): WorkerView {
  const offline = { lastHeartbeatAt: NOON - 90_000, ...known }
  return aWorker({ status: 'offline', phase: undefined, phaseChangedAt: undefined, offline })
}

/** A machine of the person who looks, with these workers. */
export function aMachine(name: string, workers: WorkerView[]): MachineView {
  return {
    id: name as MachineView['id'],
    name,
    status: 'online',
    statusChangedAt: NOON,
    role: 'owner',
    workers,
  }
}
