import type { Violation } from './oracle/history'
import type { RoundResult } from './runRound'
import type { PlannedFault, Schedule } from './schedule/Schedule'

/** The search for a smaller schedule ends after so long, whatever it has found. Milliseconds. */
const LIMIT_MS = 10 * 60_000

/** After the last fault so long that what comes of it has come. */
const TAIL_MS = 15_000

/**
 * The least of a schedule's faults with which the same rule is still broken: delta debugging (Zeller and Hildebrandt, 2002, ddmin).
 * Chats stay. A fault that needs luck may be lost on the way; what is answered has broken the rule at least once.
 */
export async function shrink(
  schedule: Schedule,
  rule: Violation['rule'],
  run: (schedule: Schedule) => Promise<RoundResult>,
  { say, signal }: { say: (progress: string) => void; signal: AbortSignal },
): Promise<Schedule> {
  const until = performance.now() + LIMIT_MS
  let least = schedule
  let parts = 2
  while (least.faults.length > 1 && performance.now() < until && !signal.aborted) {
    const size = Math.ceil(least.faults.length / parts)
    let smaller: Schedule | undefined
    for (let part = 0; part < parts && !smaller && performance.now() < until; part += 1) {
      const without = least.faults.filter((_fault, index) => Math.floor(index / size) !== part)
      const candidate = withFaults(least, without)
      say(`shrinking: ${candidate.faults.length} of ${schedule.faults.length} faults`)
      const { violations } = await run(candidate)
      if (violations.some((violation) => violation.rule === rule)) smaller = candidate
    }
    if (smaller) {
      least = smaller
      parts = Math.max(parts - 1, 2)
    } else if (parts >= least.faults.length) return least
    else parts = Math.min(parts * 2, least.faults.length)
  }
  return least
}

function withFaults(schedule: Schedule, faults: PlannedFault[]): Schedule {
  const last = Math.max(0, ...faults.map(({ atMs, fault }) => atMs + ('forMs' in fault ? fault.forMs : 0)))
  return { ...schedule, faults, lengthMs: Math.min(schedule.lengthMs, last + TAIL_MS) }
}
