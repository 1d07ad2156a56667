import { describeWorker } from '../presence/describeWorker'
import type { StatusWord } from '../presence/marks'
import type { MachineView } from '../presence/WorkerView'
import { compareTrouble } from '../presence/worstStatus'

/** Who had which status, by worker, and whether it had failed too often before. */
export type RollOfStatuses = ReadonlyMap<string, { name: string; word: StatusWord; isUnstable: boolean }>

export function rollOf(machines: readonly MachineView[]): RollOfStatuses {
  const workers = machines.flatMap((machine) => machine.workers)
  return new Map(
    workers.map((worker) => {
      const { id, name, unstable } = worker
      return [id, { name, word: describeWorker(worker).word, isUnstable: unstable !== undefined }]
    }),
  )
}

/**
 * One sentence about whose status is another than it was, trouble first: "api crashed", "3 workers changed: 2 lost, 1
 * ready"; undefined if there is nothing to say. That a worker takes up work or has done it is no change: its chat says so.
 * Neither is one that was added or removed: whoever did that knows.
 */
export function changeWords(before: RollOfStatuses, now: RollOfStatuses): string | undefined {
  const changed = [...now].flatMap(([id, worker]) => {
    const had = before.get(id)?.word
    return had === undefined || isSame(had, worker.word) ? [] : [worker]
  })
  const [first, ...others] = changed
  if (first === undefined) return undefined
  if (others.length === 0) return `${first.name} ${first.word}`
  const words = [...new Set(changed.map(({ word }) => word))].sort(compareTrouble)
  const counts = words.map((word) => `${changed.filter((other) => other.word === word).length} ${word}`)
  return `${changed.length} workers changed: ${counts.join(', ')}`
}

function isSame(a: StatusWord, b: StatusWord): boolean {
  return a === b || (isAtWork(a) && isAtWork(b))
}

function isAtWork(word: StatusWord): boolean {
  return word === 'ready' || word === 'busy'
}
