import { bounds, promised, settings, type PromiseName } from '../times'
import { askedAtOf, launcherGoneAt, type Claim, type ProcessTruth, type RunTruth } from './history'
import { calmIn, endOf, firstCalm, NEVER, touches, type Span } from './Spans'
import { gone, type Trial } from './Trial'

const { staleThresholdMs } = settings

/** Whoever is shown online lives and can be heard, or has died or fallen silent less than its promise ago. */
export function judgeOnline(trial: Trial, claim: Claim): void {
  const found = trial.processOf(claim)
  const end = trial.endOf(claim)
  if (!found) {
    if (end - claim.from > promised.crashed + trial.options.slackMs)
      trial.violate('unknown process', claim.from, `pid ${claim.pid} was shown online, which nobody has seen`)
    return
  }
  const { process, run } = found
  if (process.deadAt !== undefined) judgeDead(trial, claim, process.deadAt, run)
  judgeStopped(trial, claim, process, run)
  for (const silence of silences(trial, process)) judgeSilent(trial, claim, silence, process, run)
}

/** Its supervisor reports it; where it cannot, the sweep finds it. */
function judgeDead(trial: Trial, claim: Claim, deadAt: number, { supervisor }: RunTruth): void {
  const { slackMs } = trial.options
  const window = promised.crashed + slackMs
  const inTheWay = [...trial.network(), ...trial.fleet.backend, ...gone(supervisor), ...frozen(supervisor)]
  const calmAt = firstCalm(inTheWay, deadAt, window)
  const reportedBy = calmAt + window + (calmAt > deadAt ? bounds.retriedReport : 0)
  const sweptBy = trial.sweptBy(deadAt)
  const isReported = reportedBy <= sweptBy
  trial.hold(claim, isReported ? 'crashed' : 'late', {
    ...{ from: isReported ? deadAt : deadAt + staleThresholdMs, by: Math.min(reportedBy, sweptBy) },
    rule: 'online though dead',
    text: `pid ${claim.pid} was dead`,
  })
}

function judgeStopped(trial: Trial, claim: Claim, process: ProcessTruth, run: RunTruth): void {
  const { slackMs } = trial.options
  // Whoever was killed at the same time could not say goodbye.
  if (process.hurtAt !== undefined && process.deadAt !== undefined) return
  const stops: [PromiseName, number | undefined][] = [
    ['stopped', askedAtOf(run, process)],
    ['supervisorGone', run.supervisor?.deadAt],
    ['supervisorGone', launcherGoneAt(run)],
  ]
  for (const [name, at] of stops) {
    // What was asked of a process before it listens ends it, and what it asks before it is registered is nobody's matter.
    if (at === undefined || at < claim.from || at > (process.deadAt ?? NEVER)) continue
    const window = (name === 'stopped' ? promised.stopped : promised.supervisorGone) + slackMs
    const inTheWay = [
      ...trial.network(),
      ...trial.fleet.backend,
      ...process.frozen,
      ...frozen(run.supervisor),
    ]
    if (touches(inTheWay, at - bounds.underWay, at + window)) continue
    trial.hold(claim, name, {
      ...{
        from: at,
        by: at + window,
        rule: 'online though stopped',
        text: `pid ${claim.pid} was told to stop`,
      },
    })
  }
}

/** A living process that cannot be heard is lost; one whose supervisor can tell so is hung. */
function judgeSilent(
  trial: Trial,
  claim: Claim,
  silence: Span,
  process: ProcessTruth,
  { supervisor }: RunTruth,
): void {
  const { slackMs } = trial.options
  const end = Math.min(endOf(silence), process.deadAt ?? NEVER, trial.options.now)
  const witness = [...trial.network(), ...gone(supervisor), ...frozen(supervisor)]
  if (calmIn(witness, silence.from, end).length === 0) {
    const by = trial.sweptBy(silence.from)
    const shown = { ...claim, to: Math.min(trial.endOf(claim), end) }
    trial.hold(shown, 'late', {
      ...{ from: silence.from + staleThresholdMs, by, rule: 'online though silent' },
      text: `pid ${claim.pid} could not be heard`,
    })
    return
  }
  const by = Math.max(silence.from, claim.from) + bounds.hung + promised.crashed + slackMs
  const isClear = !touches([...witness, ...trial.fleet.backend], silence.from, by)
  if (claim.phase === 'hung' || !isClear || touches(trial.network(), silence.from, end)) return
  trial.hold({ ...claim, to: Math.min(trial.endOf(claim), end) }, 'hung', {
    ...{ from: silence.from, by, rule: 'not shown as hung', text: `pid ${claim.pid} did not answer` },
  })
}

/** When nothing of it could be heard. */
function silences(trial: Trial, { frozen: still }: ProcessTruth): Span[] {
  return [
    ...still,
    ...trial.worker.network.filter(({ network }) => network === 'cut' || network === 'half-open'),
  ]
}

function frozen(process: ProcessTruth | undefined): Span[] {
  return process?.frozen ?? []
}
