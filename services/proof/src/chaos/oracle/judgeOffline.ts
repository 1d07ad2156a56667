import { bounds, promised } from '../times'
import { askedAtOf, rivalsOf, type Claim } from './history'
import { calmIn, type Span } from './Spans'
import { BLUR_MS, describe, gone, type Trial } from './Trial'

/** Whoever is shown offline has no process that lives, can be heard, and had the time to come back. */
export function judgeOffline(trial: Trial, claim: Claim): void {
  const { now, slackMs } = trial.options
  const end = trial.endOf(claim)
  for (const { process, run } of trial.processes()) {
    const rivals = rivalsOf(run, trial.worker.runs)
    const inTheWay = [
      ...[...process.frozen, ...trial.network(), ...trial.fleet.backend],
      ...[run.launcher, run.supervisor].flatMap(gone),
      ...from(askedAtOf(run, process)),
      ...from(trial.worker.revokedAt),
      ...rivals.map(({ startedAt }) => ({ from: startedAt })),
    ]
    const until = Math.min(now, process.deadAt === undefined ? now : process.aliveAt)
    for (const calm of calmIn(inTheWay, process.bornAt, until)) {
      const wasKnown = trial.worker.claims.some(
        ({ pid, from: at }) => pid === process.pid && at >= process.bornAt && at < calm.from,
      )
      const name = wasKnown ? 'recovered' : 'started'
      const bound = (wasKnown ? promised.recovered : bounds.started) + slackMs
      const wrong = { from: Math.max(calm.from + bound, claim.from), to: Math.min(calm.to, end) }
      const shownMs = wrong.to - Math.max(calm.from, claim.from)
      if (shownMs > 0 && calm.from >= claim.from) trial.note(name, shownMs)
      if (wrong.to - wrong.from <= BLUR_MS) continue
      trial.violate(
        'offline though alive',
        wrong.from,
        `pid ${process.pid} lived and nothing was wrong for ${Math.round(wrong.to - calm.from)} ms; shown: ${describe(claim)}`,
      )
    }
  }
}

function from(at: number | undefined): Span[] {
  return at === undefined ? [] : [{ from: at }]
}
