import { bounds } from '../times'
import {
  askedAtOf,
  launcherGoneAt,
  type FleetHistory,
  type ProcessTruth,
  type RunTruth,
  type Violation,
  type WorkerHistory,
} from './history'
import type { JudgeOptions } from './Trial'
import { firstCalm, NEVER, type Span } from './Spans'

/** Whoever was superseded, revoked, told to stop, or has lost its supervisor ends. Pure. */
export function judgeEnds(worker: WorkerHistory, fleet: FleetHistory, options: JudgeOptions): Violation[] {
  return worker.runs.flatMap((run) =>
    run.workers.flatMap((process) =>
      reasonsToEnd(worker, run, process).flatMap(({ at, why, needsBackend }) => {
        const outside = needsBackend ? [...worker.network, ...fleet.backend] : []
        const still: Span[] = [...process.frozen, ...(run.supervisor?.frozen ?? [])]
        const calmAt = firstCalm([...still, ...outside], Math.max(at, process.bornAt), bounds.ended)
        const by = calmAt + bounds.ended + options.slackMs
        if (Math.min(options.now, process.deadAt ?? NEVER) <= by) return []
        const text = `pid ${process.pid} lives on ${Math.round(options.now - at)} ms after ${why}`
        return [{ rule: 'goes on though asked to end' as const, worker: worker.name, at: by, text }]
      }),
    ),
  )
}

function reasonsToEnd(
  worker: WorkerHistory,
  run: RunTruth,
  process: ProcessTruth,
): { at: number; why: string; needsBackend: boolean }[] {
  const own = worker.claims.filter(({ pid, from }) => pid === process.pid && from >= process.bornAt)
  const epoch = Math.max(...own.map((claim) => claim.epoch))
  const taken = worker.claims.find((claim) => claim.status === 'online' && claim.epoch > epoch)
  const all: [number | undefined, string, boolean][] = [
    [own.length > 0 ? taken?.from : undefined, 'another process took over', true],
    [worker.revokedAt, 'its worker was revoked', true],
    [askedAtOf(run, process), 'it was asked to stop', false],
    [run.supervisor?.deadAt, 'its supervisor was gone', false],
    [launcherGoneAt(run), 'its launcher was gone', false],
  ]
  return all.flatMap(([at, why, needsBackend]) =>
    at === undefined || at > (process.deadAt ?? NEVER) ? [] : [{ at, why, needsBackend }],
  )
}
