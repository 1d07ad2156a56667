import { setTimeout as wait } from 'node:timers/promises'
import { Chatter } from './chats/Chatter'
import { applyFault } from './faults/applyFault'
import { Fleet } from './fleet/Fleet'
import type { Violation } from './oracle/history'
import { judgeFleet } from './oracle/judgeFleet'
import type { Longest } from './oracle/Trial'
import type { Span } from './oracle/Spans'
import type { Fault, FaultKind, Schedule } from './schedule/Schedule'
import { bounds } from './times'

/** How often everything is judged; milliseconds. */
const JUDGE_MS = 1_000
/** How long a fleet may take to come up for the first time. */
const READY_MS = 90_000
const POLL_MS = 100
/** Of how many workers the evidence is shown. */
const SHOWN_WORKERS = 3
/** A stop with a watchdog of 10 s, and the guard's time after it. */
const STOP_MS = 25_000

export interface RoundOptions {
  schedule: Schedule
  slackMs: number
  functionsDir: string
  workerProgram: string | undefined
  say: (progress: string) => void
  signal: AbortSignal
}

export interface RoundResult {
  seed: number
  /** Faults that were done, by kind; the others found nobody to be done to. */
  applied: Partial<Record<FaultKind, number>>
  missed: number
  /** From the first fault to the last. */
  seconds: number
  statuses: number
  messages: number
  longest: Longest
  violations: Violation[]
  /** About the first violations: what was done and said before them. */
  evidence: string
}

/** One fleet, one schedule, and a verdict. Leaves nothing behind. Rejects if the fleet does not come up. */
export async function runRound(options: RoundOptions): Promise<RoundResult> {
  const { schedule, slackMs, functionsDir, workerProgram } = options
  const violations: Violation[] = []
  const fleet = await Fleet.start({
    ...{ seed: schedule.seed, light: schedule.light, real: schedule.real },
    ...{ slackMs, functionsDir, workerProgram, onViolation: (violation) => violations.push(violation) },
  })
  const round = new Round(fleet, violations, options)
  try {
    return await round.run()
  } finally {
    await fleet.close()
  }
}

/** The first violation of each of the first workers that have one. */
function ofWorkers(violations: readonly Violation[]): Violation[] {
  return violations
    .filter(({ worker }, index) => violations.findIndex((other) => other.worker === worker) === index)
    .slice(0, SHOWN_WORKERS)
}

class Round {
  private readonly applied: Partial<Record<FaultKind, number>> = {}
  private missed = 0
  private readonly healings = new Set<{ timer: NodeJS.Timeout; work: () => void }>()
  private readonly done: { at: number; fault: Fault }[] = []
  private readonly underWay = new Set<Promise<unknown>>()
  private readonly chatter: Chatter
  private longest: Longest = {}
  private startedAt = 0

  constructor(
    private readonly fleet: Fleet,
    private readonly violations: Violation[],
    private readonly options: RoundOptions,
  ) {
    this.chatter = new Chatter(fleet)
  }

  async run(): Promise<RoundResult> {
    const { schedule, say, signal } = this.options
    say('the fleet comes up')
    if (!(await this.until(() => this.fleet.isReady, READY_MS)))
      throw new Error(`the fleet is not ready after ${READY_MS / 1_000} s: ${this.fleet.unready}`)
    this.startedAt = performance.now()
    const judging = setInterval(() => this.judge(false), JUDGE_MS)
    try {
      const plan = [
        ...schedule.faults.map((planned) => ({ atMs: planned.atMs, run: () => this.apply(planned.fault) })),
        ...schedule.chats.map((chat) => ({ atMs: chat.atMs, run: () => this.chatter.say(chat) })),
      ].sort((one, other) => one.atMs - other.atMs)
      for (const { atMs, run } of plan) {
        await this.waitUntil(this.startedAt + atMs)
        if (this.isOver) break
        this.track(run())
        say(this.progress)
      }
      await this.waitUntil(this.startedAt + schedule.lengthMs)
      const seconds = (performance.now() - this.startedAt) / 1_000
      if (!this.isOver) await this.settle()
      if (!this.isOver) await this.stop()
      signal.throwIfAborted()
      return this.result(seconds)
    } finally {
      clearInterval(judging)
      this.healAll()
      this.fleet.abandon()
      await Promise.all(this.underWay)
    }
  }

  private get isOver(): boolean {
    return this.violations.length > 0 || this.options.signal.aborted
  }

  private get progress(): string {
    const done = Object.values(this.applied).reduce((sum, count) => sum + count, 0)
    const passed = Math.round((performance.now() - this.startedAt) / 1_000)
    return `seed ${this.options.schedule.seed}: ${passed} s, ${done} faults, ${this.chatter.asked} messages`
  }

  private async apply(fault: Fault): Promise<void> {
    const slot = fault.kind === 'backend' ? undefined : this.fleet.slots[fault.slot]
    const trouble: Span = { from: performance.now() }
    slot?.troubles.push(trouble)
    const end = trouble.from + ('forMs' in fault ? fault.forMs : 0)
    this.done.push({ at: trouble.from, fault })
    const isDone = await applyFault(this.fleet, fault, (ms, work) => this.later(ms, work))
    trouble.to = Math.max(end, performance.now())
    if (isDone) this.applied[fault.kind] = (this.applied[fault.kind] ?? 0) + 1
    else this.missed += 1
  }

  /** No more faults: everybody comes back, and every message comes to its end. */
  private async settle(): Promise<void> {
    this.healAll()
    for (const slot of this.fleet.slots) slot.isHurried = true
    await Promise.all(this.underWay)
    const isSettled = () => this.isOver || (this.fleet.isReady && this.chatter.open === 0)
    this.options.say(`${this.progress}; settling`)
    if (await this.until(isSettled, bounds.settled)) {
      this.judge(!this.isOver)
      return
    }
    this.judge(true)
    const text = `after ${bounds.settled} ms: ${this.fleet.unready}; ${this.chatter.open} messages are open`
    this.violations.push({ rule: 'not settled', worker: 'the fleet', at: performance.now(), text })
  }

  private async stop(): Promise<void> {
    const { violations } = this
    violations.push(...(await judgeFleet.transitions(this.fleet)))
    const left = await this.fleet.stopWorkers(STOP_MS)
    for (const { name, text } of left)
      violations.push({ rule: 'orphan', worker: name, at: performance.now(), text })
  }

  private judge(areMessagesOver: boolean): void {
    if (this.isOver) return
    const { violations, longest } = judgeFleet.statuses(this.fleet, this.options.slackMs)
    this.longest = longest
    this.violations.push(...violations, ...this.chatter.violations(areMessagesOver))
  }

  private later(ms: number, work: () => void): void {
    const healing = { work, timer: setTimeout(() => this.heal(healing), ms) }
    this.healings.add(healing)
  }

  private heal(healing: { timer: NodeJS.Timeout; work: () => void }): void {
    clearTimeout(healing.timer)
    if (this.healings.delete(healing)) healing.work()
  }

  private healAll(): void {
    for (const healing of this.healings) this.heal(healing)
  }

  private track(work: Promise<unknown>): void {
    this.underWay.add(work)
    void work.finally(() => this.underWay.delete(work))
  }

  private async waitUntil(at: number): Promise<void> {
    while (!this.isOver && performance.now() < at)
      await wait(Math.min(POLL_MS, Math.max(0, at - performance.now())))
  }

  private async until(isSo: () => boolean, patienceMs: number): Promise<boolean> {
    const until = performance.now() + patienceMs
    while (performance.now() < until && !this.options.signal.aborted) {
      if (isSo()) return true
      await wait(POLL_MS)
    }
    return isSo()
  }

  private result(seconds: number): RoundResult {
    const { applied, missed, longest, violations, done, startedAt } = this
    return {
      ...{ seed: this.options.schedule.seed, applied, missed, seconds, longest, violations },
      statuses: this.fleet.pages.reduce((sum, { shown }) => sum + shown, 0),
      messages: this.chatter.asked,
      evidence: ofWorkers(violations)
        .map(
          (violation) =>
            `${violation.worker}\n${judgeFleet.evidence(this.fleet, violation, done, startedAt)}`,
        )
        .join('\n\n'),
    }
  }
}
