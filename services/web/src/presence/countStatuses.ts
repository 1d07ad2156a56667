import { describeWorker } from './describeWorker'
import { statusWords, type StatusWord } from './marks'
import type { MachineView } from './WorkerView'

/** How many workers have each status, in the summary's order; statuses nobody has are left out. */
export function countStatuses(machines: readonly MachineView[]): { word: StatusWord; count: number }[] {
  const words = machines.flatMap(({ workers }) => workers.map((worker) => describeWorker(worker).word))
  return statusWords
    .map((word) => ({ word, count: words.filter((other) => other === word).length }))
    .filter(({ count }) => count > 0)
}
