import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../domain/exitCodes'
import { judgeEnd } from '../domain/judgeEnd'
import { RestartPolicy } from '../domain/RestartPolicy'
import { settledWithin } from '../settledWithin'
import type { SupervisorStopCause } from '../supervisorMessages'
import type { SupervisorHealth } from './SupervisorHealth'
import type { ReportOutcome, Witness, WorkerEnd } from './Witness'
import { WorkerChild, type WorkerChildOptions } from './WorkerChild'

export type SupervisorOptions = Omit<WorkerChildOptions, 'onRegistered'>

/**
 *  running ──crash──▶ pausing ──pause over, end reported──▶ running ──drain for a restart──▶ running
 *     │                  │ asked
 *     └──drain, or any end after being asked──▶ over (terminal)
 */
type Phase =
  | { name: 'running'; child: WorkerChild }
  /** Until then, on the monotonic clock, and at least as long as the end is not reported. */
  | { name: 'pausing'; until: number }
  | { name: 'over' }

/**
 * Keeps a worker running, and tells the backend when it ended without having been able to.
 */
export class Supervisor {
  readonly #stop = new AbortController()
  readonly #restarts: RestartPolicy
  #phase: Phase | undefined
  #started = 0
  #lastEnd: SupervisorHealth['lastEnd']
  /** Aborted when there is nothing left to report on the incarnations so far. */
  #reporting = new AbortController()

  constructor(private readonly options: SupervisorOptions) {
    this.#restarts = new RestartPolicy(options.times.restart)
  }

  /** The worker drains and is not started again. May be called more than once: each call is handed on. */
  ask(cause: SupervisorStopCause): void {
    this.#stop.abort()
    if (this.#phase?.name === 'running') this.#phase.child.ask(cause)
  }

  get health(): SupervisorHealth {
    const phase = this.#phase
    return {
      state: this.#state,
      worker: phase?.name === 'running' ? phase.child.running : undefined,
      restarts: Math.max(0, this.#started - 1),
      lastEnd: this.#lastEnd,
      nextRestartInMs: phase?.name === 'pausing' ? Math.max(0, phase.until - performance.now()) : undefined,
    }
  }

  get #state(): SupervisorHealth['state'] {
    const phase = this.#phase
    const child = phase?.name === 'running' ? phase.child : undefined
    if (this.#stop.signal.aborted || phase?.name === 'over' || child?.wasAsked) return 'stopping'
    return phase?.name === 'pausing' || child?.wantsRestart ? 'restarting' : 'running'
  }

  /** Resolves with the exit code when the worker has ended for good. Must be called once. */
  async run(): Promise<number> {
    try {
      return await this.#keepRunning()
    } finally {
      this.#reporting.abort()
    }
  }

  async #keepRunning(): Promise<number> {
    const { times, logger } = this.options
    for (;;) {
      const startedAt = performance.now()
      const child = new WorkerChild({ ...this.options, onRegistered: () => this.#closeReports() })
      this.#phase = { name: 'running', child }
      this.#started += 1
      const end = await child.ended
      this.#lastEnd = { ...end, cause: end.cause, at: new Date() }
      const { wantsRestart, isListening: wasListening } = child
      const wasAsked = child.wasAsked || this.#stop.signal.aborted
      const judgement = judgeEnd(end, { wasAsked, wantsRestart, wasListening })
      if (judgement.crash) this.#explain(end)
      const next = judgement.crash ? this.#restarts.next(performance.now() - startedAt) : { inMs: 0 }
      const restart = judgement.kind === 'over' ? {} : { restartInMs: next.inMs }
      const report = this.#report(judgement.crash ? child.witness : undefined, { ...end, ...restart })
      if (judgement.kind === 'over') {
        this.#phase = { name: 'over' }
        await settledWithin(report, times.farewellMs)
        return judgement.exitCode
      }
      if (!judgement.crash) {
        logger.info({ event: 'worker.restarting', inMs: 0 }, 'starting it again, as asked')
        continue
      }
      logger.warn({ event: 'worker.restarting', ...next }, `starting it again in ${next.inMs} ms`)
      await this.#pause(next.inMs, report)
      if (this.#stop.signal.aborted) {
        const isOver = await settledWithin(report, times.farewellMs)
        return isOver && (await report) === 'settled' ? exitCodes.drained : exitCodes.failed
      }
    }
  }

  /** An incarnation that was succeeded is closed. */
  #closeReports(): void {
    this.#reporting.abort()
    this.#reporting = new AbortController()
  }

  #report(witness: Witness | undefined, end: WorkerEnd): Promise<ReportOutcome> {
    return witness ? witness.reportExit(end, this.#reporting.signal) : Promise.resolve('settled')
  }

  /** A report that comes before the next registration says what happened; after it, it is only known as superseded. */
  async #pause(inMs: number, report: Promise<ReportOutcome>): Promise<void> {
    const { signal } = this.#stop
    this.#phase = { name: 'pausing', until: performance.now() + inMs }
    const pause = wait(inMs, undefined, { signal }).catch(() => undefined)
    const asked = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    const told = settledWithin(report, this.options.times.reportPatienceMs)
    await Promise.all([pause, Promise.race([told, asked])])
  }

  #explain({ exitCode, signal, message }: WorkerEnd): void {
    const { logger } = this.options
    if (signal === null) {
      const text = message ?? `the worker ended with exit code ${exitCode ?? 'unknown'}`
      logger.warn({ event: 'worker.ended', exitCode }, text)
    } else {
      logger.error({ event: 'worker.killed', signal }, message ?? `the worker was killed by ${signal}`)
    }
  }
}
