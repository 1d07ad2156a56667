import { supervisorTimes } from '../times'
import {
  askedAtOf,
  launcherGoneAt,
  rivalsOf,
  type ProcessTruth,
  type RunTruth,
  type Violation,
  type WorkerHistory,
} from './history'
import { touches } from './Spans'

/** A supervisor ends a worker that does not answer for so long, twice over for a machine that is busy. Milliseconds. */
const HUNG_MS = 2 * supervisorTimes.pingMs * supervisorTimes.pings.lostAfter

/** A worker that nobody has hurt, stopped or taken the place of goes on, whatever its network and its backend do. Pure. */
export function judgeDeaths(worker: WorkerHistory): Violation[] {
  return worker.runs.flatMap((run) =>
    run.workers.flatMap((process) => {
      const { deadAt, pid } = process
      if (deadAt === undefined || hasReason(worker, run, process, deadAt)) return []
      const text = `pid ${pid} ended although nothing was done to it`
      return [{ rule: 'ended for no reason' as const, worker: worker.name, at: deadAt, text }]
    }),
  )
}

function hasReason(worker: WorkerHistory, run: RunTruth, process: ProcessTruth, deadAt: number): boolean {
  const { launcher, supervisor } = run
  const reasons = [
    ...[process.hurtAt, askedAtOf(run, process), worker.revokedAt, launcherGoneAt(run)],
    ...[launcher?.hurtAt, supervisor?.hurtAt, supervisor?.deadAt],
    ...rivalsOf(run, worker.runs).map(({ startedAt }) => startedAt),
  ]
  const isHung = touches(process.frozen, deadAt - HUNG_MS, deadAt)
  return isHung || reasons.some((at) => at !== undefined && at <= deadAt)
}
