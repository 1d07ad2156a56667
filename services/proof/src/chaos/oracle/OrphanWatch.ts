import { allPids, commandOf, identify, variableOf } from '../fleet/processes'
import type { Run, WatchedProcess } from '../fleet/Run'
import { bounds } from '../times'
import type { Violation } from './history'

const MARKER = 'ROLLCALL_MARKER'

/** Its guard was hurt so shortly before, or at any time after, its worker's death that it may have been unable to clean up. */
const HURT_BEFORE_MS = 10_000

interface Left {
  pid: number
  command: string
  /** The worker that it was started for, which is dead. */
  owner: WatchedProcess
}

/** Finds what outlives its worker, by the markers in the environments, and guards that nobody needs any more. */
export class OrphanWatch {
  constructor(
    private readonly options: {
      mark: string
      slackMs: number
      /** All starts of all tokens, with the names of their workers. */
      runs: () => { name: string; run: Run; isSucceeded: boolean }[]
    },
  ) {}

  /** What lives on although it had the time to end, and although its guard could see to it. */
  violations(): Violation[] {
    const now = performance.now()
    return this.left().flatMap(({ name, pid, command, owner, isExcused }) => {
      const sinceMs = now - (owner.deadAt ?? now)
      if (isExcused || sinceMs <= bounds.orphan + this.options.slackMs) return []
      const text = `pid ${pid} (${command}) lives ${Math.round(sinceMs)} ms after its worker ${owner.pid}`
      return [{ rule: 'orphan' as const, worker: name, at: now, text }]
    })
  }

  /** What outlives its worker. Where the guard could not see to it the worker's next start does: until that is ready it is excused. */
  left(marked = this.marked()): (Left & { name: string; isExcused: boolean })[] {
    return this.options.runs().flatMap(({ name, run, isSucceeded }) =>
      leftOf(run, marked).map((each) => ({
        ...each,
        ...{ name, isExcused: wasGuardHurt(run, each.owner) && !isSucceeded },
      })),
    )
  }

  /** Everything of the fleet that lives, but for guards. */
  marked(): { pid: number; ownerPid: number | undefined }[] {
    return allPids().flatMap((pid) => {
      if (variableOf(pid, 'CHAOS_MARK') !== this.options.mark || identify(pid) === undefined) return []
      const owner = variableOf(pid, MARKER)?.split('/')[1]
      return [{ pid, ownerPid: owner === undefined ? undefined : Number(owner) }]
    })
  }
}

/** What lives of a run whose worker is dead. */
export function leftOf(run: Run, marked: readonly { pid: number; ownerPid: number | undefined }[]): Left[] {
  const dead = run.workers.filter(({ deadAt }) => deadAt !== undefined)
  return dead.flatMap((owner) => {
    const opencodes = marked.filter(({ ownerPid }) => ownerPid === owner.pid).map(({ pid }) => pid)
    const guards = run.guards.filter((guard) => guard.owner === owner && guard.deadAt === undefined)
    return [...opencodes, ...guards.map(({ pid }) => pid)].map((pid) => ({
      ...{ pid, owner, command: commandOf(pid).slice(0, 100) },
    }))
  })
}

function wasGuardHurt(run: Run, owner: WatchedProcess): boolean {
  const since = (owner.deadAt ?? 0) - HURT_BEFORE_MS
  return run.guards.some(
    (guard) => guard.owner === owner && guard.hurtAt !== undefined && guard.hurtAt >= since,
  )
}
