import type { ProcessTruth, RunTruth, Violation } from './history'

/** A row of a worker's timeline, as the page's query tells it. */
export interface Transition {
  epoch: number
  noticedBy: string
  kind: 'online' | 'recovered' | 'offline'
  reason?: string
  signal?: string
}

/**
 * One transition for each cause: who is online cannot come online, who is offline cannot go; an incarnation comes online once, is back
 * only from a silence, and ends once. Pure. `transitions` in the order in which they happened, of the whole life of a worker.
 */
export function judgeTransitions(
  worker: string,
  transitions: readonly Transition[],
  now: number,
): Violation[] {
  const violations: Violation[] = []
  const violate = (index: number, text: string) => {
    const said = transitions.slice(Math.max(0, index - 3), index + 1).map(describe)
    violations.push({ rule: 'transition', worker, at: now, text: `${text}: … ${said.join(', ')}` })
  }
  let last: Transition | undefined
  const ended = new Set<number>()
  const begun = new Set<number>()
  for (const [index, transition] of transitions.entries()) {
    const { epoch, kind, reason } = transition
    const wasOnline = last !== undefined && last.kind !== 'offline'
    if (last && epoch < last.epoch) violate(index, 'an earlier run changed the status of a later one')
    if (ended.has(epoch)) violate(index, 'a run that had ended changed its status')
    if (kind === 'offline') {
      if (!wasOnline) violate(index, 'went offline twice')
      if (reason !== 'stale') ended.add(epoch)
    } else {
      if (wasOnline) violate(index, 'came online twice')
      if (kind === 'online' && begun.has(epoch)) violate(index, 'one run came online twice')
      if (kind === 'recovered' && !(last?.reason === 'stale' && last.epoch === epoch))
        violate(index, 'recovered from something else than a silence')
      begun.add(epoch)
    }
    last = transition
  }
  return violations
}

/** Deaths that the timeline calls crashes, where nobody had died: `processOf` tells the process of a run. */
export function judgeCrashes(
  worker: string,
  transitions: readonly Transition[],
  processOf: (epoch: number) => { process: ProcessTruth; run: RunTruth } | undefined,
  now: number,
): Violation[] {
  return transitions.flatMap(({ epoch, kind, reason, noticedBy, signal }) => {
    if (kind !== 'offline' || reason !== 'crashed' || noticedBy !== 'supervisor') return []
    const process = processOf(epoch)?.process
    if (process === undefined || process.deadAt !== undefined) return []
    const text = `run ${epoch} (pid ${process.pid}) was reported to have crashed (${signal ?? 'exit'}), and lives`
    return [{ rule: 'transition' as const, worker, at: now, text }]
  })
}

function describe({ epoch, kind, reason }: Transition): string {
  return `${epoch}: ${reason ?? kind}`
}
