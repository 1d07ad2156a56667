import { api } from '@rollcall/backend/api'
import type { Fleet } from '../fleet/Fleet'
import type { Fault } from '../schedule/Schedule'
import { bounds, type PromiseName } from '../times'
import type { Violation } from './history'
import { judgeDeaths } from './judgeDeaths'
import { judgeEnds } from './judgeEnds'
import { judgeStatuses } from './judgeStatuses'
import type { Judgement, Longest } from './Trial'
import { judgeCrashes, judgeTransitions, type Transition } from './judgeTransitions'

/** So much before and after a violation is shown of what was done and said; of what did not settle, so much before it was waited for. Milliseconds. */
const SHOWN_BEFORE_MS = 45_000
const SHOWN_AFTER_MS = 3_000
const PAGE = 200

const workersOf = (fleet: Fleet) => fleet.slots.flatMap(({ workers }) => workers)

/** All workers, by everything that the page has shown so far. */
function statuses(fleet: Fleet, slackMs: number): Judgement {
  const options = { now: performance.now(), slackMs }
  const graces = fleet.pages[0]?.graces ?? []
  const violations: Violation[] = []
  const longest: Longest = {}
  for (const { history } of workersOf(fleet)) {
    const known = { backend: fleet.backendSpans, graces }
    const judgement = judgeStatuses(history, known, options)
    violations.push(...judgement.violations, ...judgeEnds(history, known, options), ...judgeDeaths(history))
    for (const [name, ms] of Object.entries(judgement.longest) as [PromiseName, number][])
      longest[name] = Math.max(longest[name] ?? 0, ms)
  }
  return { violations, longest }
}

/** The timelines of all workers, asked for as the page asks. */
async function transitions(fleet: Fleet): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const { rolled, history } of workersOf(fleet)) {
    const all: Transition[] = []
    for (let cursor: string | null = null, isDone = false; !isDone;) {
      const { workerId, owner } = rolled
      const paginationOpts: { numItems: number; cursor: string | null } = { numItems: PAGE, cursor }
      const asked = await owner.client.query(api.workerHistory.events, { workerId, paginationOpts })
      for (const { epoch, noticedBy, what } of asked.page) {
        const { kind } = what
        const known =
          kind === 'offline'
            ? {
                reason: what.reason,
                ...(what.evidence.signal !== undefined && { signal: what.evidence.signal }),
              }
            : {}
        all.unshift({ epoch, noticedBy, kind, ...known })
      }
      cursor = asked.continueCursor
      isDone = asked.isDone
    }
    const now = performance.now()
    const processOf = (epoch: number) => {
      const pid = history.claims.findLast((claim) => claim.epoch === epoch)?.pid
      return history.runs
        .flatMap((run) => run.workers.map((process) => ({ process, run })))
        .findLast(({ process }) => process.pid === pid)
    }
    violations.push(...judgeTransitions(history.name, all, now))
    violations.push(...judgeCrashes(history.name, all, processOf, now))
  }
  return violations
}

/** What a person needs to understand a violation, in the order in which it happened. */
function evidence(
  fleet: Fleet,
  { worker, at, rule }: Violation,
  done: readonly { at: number; fault: Fault }[],
  startedAt: number,
): string {
  const slot = fleet.slots.find(({ workers }) => workers.some(({ history }) => history.name === worker))
  const waitedMs = rule === 'message' || rule === 'not settled' || rule === 'orphan' ? bounds.settled : 0
  const [from, to] = [at - waitedMs - SHOWN_BEFORE_MS, at + SHOWN_AFTER_MS]
  const history = slot?.workers.find((each) => each.history.name === worker)?.history
  const rows: { at: number; text: string }[] = [
    ...done
      .filter(({ fault }) => fault.kind === 'backend' || slot === undefined || fault.slot === slot.index)
      .map((each) => ({ at: each.at, text: `fault    ${JSON.stringify(each.fault)}` })),
    ...(history?.claims ?? []).map(({ from: since, to: _to, ...said }) => ({
      at: since,
      text: `page     ${JSON.stringify(said)}`,
    })),
    ...(history?.runs ?? []).flatMap(({ all }) =>
      all.flatMap(({ role, pid, bornAt, deadAt }) => [
        { at: bornAt, text: `process  ${role} ${pid} is born` },
        ...(deadAt === undefined ? [] : [{ at: deadAt, text: `process  ${role} ${pid} is dead` }]),
      ]),
    ),
    ...fleet.backendSpans.flatMap(({ from: since, to: until }) => [
      { at: since, text: 'backend  is disturbed' },
      ...(until === undefined ? [] : [{ at: until, text: 'backend  is well again' }]),
    ]),
    ...(fleet.pages[0]?.graces ?? []).map((grace) => ({
      at: grace.from,
      text: `backend  grants everybody ${Math.round((grace.to ?? 0) - grace.from)} ms`,
    })),
    ...(slot?.log.between(from, to) ?? []).map(({ at: since, line }) => ({
      at: since,
      text: `log      ${line}`,
    })),
    ...fleet.backend.log
      .between(from, to)
      .map(({ at: since, line }) => ({ at: since, text: `backend  ${line}` })),
  ]
  return rows
    .filter((row) => row.at >= from && row.at <= to)
    .sort((one, other) => one.at - other.at)
    .map((row) => `${((row.at - startedAt) / 1_000).toFixed(2).padStart(8)}  ${row.text}`)
    .join('\n')
}

export const judgeFleet = { statuses, transitions, evidence }
