import { execFile } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

const POLL_MS = 50

/** The parent of each process that runs; those that have ended and only wait to be collected are left out. */
export async function parentsOfAll(): Promise<Map<number, number>> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat='])
  const rows = stdout.trim().split('\n')
  return new Map(
    rows.flatMap((row): [number, number][] => {
      const [pid, parent, state = ''] = row.trim().split(/\s+/)
      return state.startsWith('Z') ? [] : [[Number(pid), Number(parent)]]
    }),
  )
}

/** The process and whatever descends from it, parents first; nothing if it does not run. */
export async function treeOf(root: number): Promise<number[]> {
  const parents = await parentsOfAll()
  const tree = parents.has(root) ? [root] : []
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree
}

/** Waits until none of them runs. Answers those that still do after `patienceMs`. */
export async function untilGone(pids: readonly number[], patienceMs: number): Promise<number[]> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const parents = await parentsOfAll()
    const left = pids.filter((pid) => parents.has(pid))
    if (left.length === 0 || performance.now() > deadline) return left
    await wait(POLL_MS)
  }
}

/** Sends it to each that still runs. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error: unknown) {
      // Ended a moment ago.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
