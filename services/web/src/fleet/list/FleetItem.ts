import type { StatusWord } from '../../presence/marks'
import type { MachineView, WorkerView } from '../../presence/WorkerView'

/** One line of the fleet, or a form or note among the lines. `key` is unique in the fleet. */
export type FleetItem = { key: string } & (
  | { kind: 'machine'; machine: MachineView; isOpen: boolean }
  | { kind: 'status'; word: StatusWord; count: number; isOpen: boolean }
  /** `of`: its machine's name, where it does not stand below it. */
  | { kind: 'worker'; worker: WorkerView; of?: string }
  | { kind: 'adding'; machine: MachineView }
  | { kind: 'none'; machine: MachineView }
)
