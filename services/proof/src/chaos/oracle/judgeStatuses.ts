import type { Claim, FleetHistory, WorkerHistory } from './history'
import { judgeOffline } from './judgeOffline'
import { judgeOnline } from './judgeOnline'
import { Trial, type JudgeOptions, type Judgement } from './Trial'

/** Judges all that the page showed of one worker against what its processes were. Pure. */
export function judgeStatuses(worker: WorkerHistory, fleet: FleetHistory, options: JudgeOptions): Judgement {
  const trial = new Trial(worker, fleet, options)
  for (const claim of worker.claims) {
    if (claim.status === 'online') judgeOnline(trial, claim)
    else judgeOffline(trial, claim)
  }
  judgeOrder(trial)
  return { violations: trial.violations, longest: trial.longest }
}

/** An incarnation that has ended for good does not come back, and no earlier one after it. */
function judgeOrder(trial: Trial): void {
  let last: Claim | undefined
  for (const claim of trial.worker.claims) {
    if (last && claim.epoch < last.epoch) {
      trial.violate('epoch went back', claim.from, `run ${last.epoch} was shown, and then run ${claim.epoch}`)
    }
    const wasFinal = last?.status === 'offline' && last.reason !== 'stale'
    if (wasFinal && claim.status === 'online' && claim.epoch === last?.epoch && claim.epoch > 0) {
      const text = `run ${claim.epoch} had ended (${last.reason}) and was shown online again`
      trial.violate('brought back to life', claim.from, text)
    }
    last = claim
  }
}
