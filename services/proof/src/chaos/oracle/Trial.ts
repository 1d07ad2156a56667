import { bounds, promised, settings, type PromiseName } from '../times'
import type { Claim, FleetHistory, ProcessTruth, RunTruth, Violation, WorkerHistory } from './history'
import { endOf, firstCalm, NEVER, touches, type Span } from './Spans'

export interface JudgeOptions {
  /** How far the history goes. */
  now: number
  /** What the machine is granted on top of every promise. */
  slackMs: number
}

/** The longest that something was shown which was not so, by the promise about it; milliseconds. */
export type Longest = Partial<Record<PromiseName, number>>

export interface Judgement {
  violations: Violation[]
  longest: Longest
}

/** How far apart two looks at the same thing may be. */
export const BLUR_MS = 250

/** What is known of one worker, and what is found wrong with it. */
export class Trial implements Judgement {
  readonly violations: Violation[] = []
  readonly longest: Longest = {}

  constructor(
    readonly worker: WorkerHistory,
    readonly fleet: FleetHistory,
    readonly options: JudgeOptions,
  ) {}

  /** When a sweep has to have found what was last heard at `lastAt`. */
  sweptBy(lastAt: number): number {
    const { slackMs } = this.options
    const isUnderWay = touches(this.network(), lastAt - bounds.underWay, lastAt + bounds.underWay)
    const heardAt = lastAt + (isUnderWay ? bounds.underWay : 0)
    const window = settings.staleThresholdMs + promised.late + slackMs
    const calmAt = firstCalm(this.fleet.backend, heardAt, window)
    // A backend that was away grants everybody a stale period, and, when most are silent, one more.
    let by = calmAt + window + (calmAt > heardAt ? settings.staleThresholdMs + promised.late : 0)
    for (const grace of this.fleet.graces) {
      if (grace.from <= by && endOf(grace) > lastAt) by = Math.max(by, endOf(grace) + promised.late + slackMs)
    }
    return by
  }

  /** What was shown must be over in time. `from`: since when it was wrong. */
  hold(
    claim: Claim,
    name: PromiseName,
    { from: since, by, rule, text }: { from: number; by: number; rule: Violation['rule']; text: string },
  ): void {
    const end = this.endOf(claim)
    if (end <= since || end <= claim.from) return
    if (end <= by) {
      if (by !== NEVER && claim.to !== undefined) this.note(name, end - Math.max(since, claim.from))
      return
    }
    const ms = Math.round(end - since)
    this.violate(
      rule,
      by,
      `${text}; shown for ${ms} ms, to be over within ${Math.round(by - since)} ms: ${describe(claim)}`,
    )
  }

  note(name: PromiseName, ms: number): void {
    this.longest[name] = Math.max(this.longest[name] ?? 0, Math.round(ms))
  }

  violate(rule: Violation['rule'], at: number, text: string): void {
    this.violations.push({ rule, worker: this.worker.name, at, text })
  }

  endOf(claim: Claim): number {
    return Math.min(endOf(claim), this.options.now)
  }

  processes(): { process: ProcessTruth; run: RunTruth }[] {
    return this.worker.runs.flatMap((run) => run.workers.map((process) => ({ process, run })))
  }

  processOf(claim: Claim): { process: ProcessTruth; run: RunTruth } | undefined {
    const end = this.endOf(claim)
    return this.processes().findLast(({ process }) => process.pid === claim.pid && process.bornAt <= end)
  }

  /** What was sent shortly before a bad network is over may still be under way. */
  network(): Span[] {
    return this.worker.network.map(({ from: at, to }) =>
      to === undefined ? { from: at } : { from: at, to: to + BLUR_MS },
    )
  }
}

/** From when on it is gone, if it is. */
export function gone(process: ProcessTruth | undefined): Span[] {
  return process?.deadAt === undefined ? [] : [{ from: process.aliveAt }]
}

export function describe({ status, phase, pid, epoch, reason }: Claim): string {
  return [status, phase ?? reason, `run ${epoch}`, pid === undefined ? undefined : `pid ${pid}`]
    .filter((word) => word !== undefined)
    .join(', ')
}
