import { describeWorker } from './describeWorker'
import type { Tone } from './marks'
import type { MachineView, WorkerView } from './WorkerView'

/** Only trouble moves a row: what is healthy or was stopped on purpose keeps its place by name. */
const troubles: Record<Tone, number> = { red: 0, amber: 1, green: 2, blue: 2, grey: 2 }

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function workerTrouble(worker: WorkerView): number {
  return troubles[describeWorker(worker).tone]
}

function machineTrouble({ workers }: MachineView): number {
  return Math.min(troubles.grey, ...workers.map(workerTrouble))
}

export function workersTroubleFirst(workers: readonly WorkerView[]): WorkerView[] {
  return workers.toSorted((a, b) => workerTrouble(a) - workerTrouble(b) || names.compare(a.name, b.name))
}

export function machinesTroubleFirst(machines: readonly MachineView[]): MachineView[] {
  return machines.toSorted((a, b) => machineTrouble(a) - machineTrouble(b) || names.compare(a.name, b.name))
}
