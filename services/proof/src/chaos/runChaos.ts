import { setBug, type BugName } from './bugs'
import type { Violation } from './oracle/history'
import type { Longest } from './oracle/Trial'
import { runRound, type RoundResult } from './runRound'
import { generateSchedule } from './schedule/generateSchedule'
import type { FaultKind, Schedule } from './schedule/Schedule'
import { shrink } from './shrink'
import type { PromiseName } from './times'

export interface ChaosOptions {
  seed: number
  /** Of one round, and of all together. */
  seconds: number
  totalSeconds: number
  light: number
  real: number
  faultsPerSecond: number
  slackMs: number
  kinds: readonly FaultKind[] | undefined
  /** One round by this, in place of what seeds make. */
  schedule: Schedule | undefined
  bug: BugName | undefined
  shrinks: boolean
  say: (progress: string) => void
  /** After each round: what all of them have come to. */
  onRound: (result: ChaosResult) => void
  /** Ends the round under way, which does not count. */
  signal: AbortSignal
}

/** Times in milliseconds where they are not seconds. */
export interface ChaosResult {
  seeds: number[]
  slackMs: number
  seconds: number
  applied: Partial<Record<FaultKind, number>>
  missed: number
  statuses: number
  messages: number
  /** The longest that the page showed what was not so, by the promise about it. */
  longest: Longest
  violations: Violation[]
  /** Of the round with a violation: the least that shows it, as far as it was found. */
  schedule: Schedule | undefined
  evidence: string
}

/** Round after round until the time is over, something is found or `signal` is aborted. Rejects if a fleet does not come up. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const programs = await setBug(options.bug)
  try {
    return await runRounds(options, (schedule) => runRound({ ...options, ...programs, schedule }))
  } finally {
    await programs.remove()
  }
}

async function runRounds(
  options: ChaosOptions,
  run: (schedule: Schedule) => Promise<RoundResult>,
): Promise<ChaosResult> {
  const { seed, seconds, totalSeconds, schedule: given, slackMs, shrinks } = options
  const result: ChaosResult = {
    ...{ seeds: [], slackMs, seconds: 0, applied: {}, missed: 0, statuses: 0, messages: 0, longest: {} },
    ...{ violations: [], schedule: undefined, evidence: '' },
  }
  const rounds = given ? 1 : Math.max(1, Math.round(totalSeconds / seconds))
  const lengthS = Math.min(seconds, totalSeconds)
  for (let round = 0; round < rounds; round += 1) {
    const schedule = given ?? generateSchedule({ ...options, seed: seed + round, seconds: lengthS })
    const outcome = await run(schedule).catch((error: unknown) => {
      if (!options.signal.aborted) throw error
    })
    if (!outcome) break
    add(result, outcome)
    options.onRound(result)
    if (outcome.violations.length === 0) continue
    const rule = outcome.violations[0]?.rule
    result.schedule = shrinks && rule ? await shrink(schedule, rule, run, options) : schedule
    break
  }
  return result
}

function add(result: ChaosResult, outcome: RoundResult): void {
  result.seeds.push(outcome.seed)
  result.seconds += outcome.seconds
  result.missed += outcome.missed
  result.statuses += outcome.statuses
  result.messages += outcome.messages
  for (const [kind, count] of Object.entries(outcome.applied) as [FaultKind, number][])
    result.applied[kind] = (result.applied[kind] ?? 0) + count
  for (const [name, ms] of Object.entries(outcome.longest) as [PromiseName, number][])
    result.longest[name] = Math.max(result.longest[name] ?? 0, ms)
  result.violations.push(...outcome.violations)
  result.evidence ||= outcome.evidence
}
