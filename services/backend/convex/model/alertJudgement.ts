/** Whether the numbers of the fleet are an alert. Pure. It comes at one number and goes at another, so that it does not flicker. */
import type { Infer } from 'convex/values'
import { alerting } from '../../contract/alerts'
import type { Settings } from '../../contract/words'
import type { alertEvidence } from './alertValidators'

export type Evidence = Infer<typeof alertEvidence>

/** What happened in the last hour, and who is missing now. */
export interface Figures {
  crashed: number
  stale: number
  graceful: number
  hung: number
  unfinished: number
  lostNow: number
  onlineNow: number
}

/** `between`: an alert that is open stays, and none is raised. */
export interface Judged {
  level: 'bad' | 'between' | 'good'
  evidence: Exclude<Evidence, { rule: 'flapping' }>
}

/** One for each rule. A rule whose threshold is 0 is off, and good. */
export function judge(figures: Figures, settings: Settings): Judged[] {
  const { alertCrashesPerHour, alertTimeoutsPerHour, alertGracefulPercent, alertLostPercent } = settings
  return [
    judgeCrashes(figures, alertCrashesPerHour),
    judgeTimeouts(figures, alertTimeoutsPerHour),
    judgeGraceful(figures, alertGracefulPercent),
    judgeLost(figures, alertLostPercent),
  ]
}

function judgeCrashes({ crashed: crashes }: Figures, threshold: number): Judged {
  return {
    level: levelOf(threshold, crashes >= threshold, crashes <= threshold / 2),
    evidence: { rule: 'crashes', crashes, threshold, recent: [] },
  }
}

function judgeTimeouts({ hung, unfinished }: Figures, threshold: number): Judged {
  const ended = hung + unfinished
  return {
    level: levelOf(threshold, ended >= threshold, ended <= threshold / 2),
    evidence: { rule: 'timeouts', hung, unfinished, threshold },
  }
}

function judgeGraceful({ graceful, crashed, stale }: Figures, threshold: number): Judged {
  const ends = graceful + crashed + stale
  const percent = (100 * graceful) / ends
  const isEnough = ends >= alerting.leastEnds
  return {
    level: levelOf(threshold, isEnough && percent < threshold, !isEnough || percent >= (100 + threshold) / 2),
    evidence: { rule: 'graceful', graceful, ends, threshold },
  }
}

function judgeLost({ lostNow: lost, onlineNow }: Figures, threshold: number): Judged {
  const of = lost + onlineNow
  const percent = (100 * lost) / of
  const isEnough = lost >= alerting.leastLost
  return {
    level: levelOf(threshold, isEnough && percent >= threshold, !isEnough || percent <= threshold / 2),
    evidence: { rule: 'lost', lost, of, threshold },
  }
}

function levelOf(threshold: number, isBad: boolean, isGood: boolean): Judged['level'] {
  if (threshold === 0 || (isGood && !isBad)) return 'good'
  return isBad ? 'bad' : 'between'
}
