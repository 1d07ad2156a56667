import { setTimeout as wait } from 'node:timers/promises'
import { backoffMs } from '../domain/backoff'
import type { ProcessEnd } from '../domain/judgeEnd'
import { postCall } from '../infrastructure/convex/postCall'
import type { Reply } from '../infrastructure/convex/reply'
import type { WitnessedIncarnation } from '../supervisorMessages'
import { withinTime } from '../withinTime'
import type { SupervisorLogger } from './SupervisorLogger'
import type { SupervisorTimes } from './times'

/** `settled`: the backend knows, from us or from the worker itself. */
export type ReportOutcome = 'settled' | 'unreported'

export interface WorkerEnd extends ProcessEnd {
  /** Its supervisor ended it for not answering. */
  cause?: 'hung'
  /** When its supervisor starts it again, counted from its end; milliseconds. Absent if it does not. */
  restartInMs?: number
  /** What a person should know besides. */
  message?: string
}

/** Reports to the backend on one incarnation of the worker, with the key that was made for it. */
export class Witness {
  /** What the backend was last told, and whether it is being told something. */
  #hang: { told: boolean; isTelling: boolean } = { told: false, isTelling: false }

  constructor(
    readonly incarnation: WitnessedIncarnation,
    private readonly options: {
      times: Pick<SupervisorTimes, 'callMs' | 'retries'>
      logger: SupervisorLogger
    },
  ) {}

  /**
   * The process ended just now, without having said so. Tried until the backend answers, or notices by itself because the
   * stale threshold has passed; each attempt says how long ago that was. `signal` ends the attempts. Never rejects.
   */
  async reportExit(end: WorkerEnd, signal: AbortSignal): Promise<ReportOutcome> {
    const { times, logger } = this.options
    const { epoch, staleThresholdMs } = this.incarnation
    const diedAt = performance.now()
    const sinceDeath = () => Math.round(performance.now() - diedAt)
    const { cause, exitCode, signal: killedBy, message, restartInMs } = end
    const evidence = () => ({
      noticedAfterMs: sinceDeath(),
      ...(cause !== undefined && { cause }),
      ...(exitCode !== null && { exitCode }),
      ...(killedBy !== null && { signal: killedBy }),
      ...(message !== undefined && { message }),
      ...(restartInMs !== undefined && { restartInMs: Math.max(0, Math.round(restartInMs) - sinceDeath()) }),
    })
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.#call('workers:reportExit', evidence(), signal)
      const fields = { epoch, exitCode, signal: killedBy, ms: sinceDeath() }
      if (reply.kind === 'ok') {
        logger.info({ event: 'witness.reported', ...fields }, 'reported that the worker ended')
        return 'settled'
      }
      if (reply.kind === 'refused') {
        const { code, message: why } = reply.refusal
        logger.info({ event: 'witness.refused', code, ...fields }, why)
        return 'settled'
      }
      const pauseMs = backoffMs(attempt, times.retries)
      const isLate = sinceDeath() + pauseMs >= staleThresholdMs
      if (!signal.aborted && !isLate) await wait(pauseMs, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted && !isLate) continue
      logger.warn(
        { event: 'witness.unreported', reason: reply.reason, ...fields },
        'the backend could not be told that the worker ended; it will see by the missing heartbeats',
      )
      return 'unreported'
    }
  }

  /**
   * The worker does not answer its supervisor, or does. To be repeated: what could not be told now is told then, and a hang is
   * told each time, because it is all that the backend hears of a process that cannot beat.
   */
  tellHang(isHung: boolean): void {
    if (this.#hang.isTelling || (!isHung && !this.#hang.told)) return
    this.#hang.isTelling = true
    void this.#call('workers:reportHang', { isHung }, new AbortController().signal).then(({ kind }) => {
      const wasTold = kind === 'ok' || kind === 'refused'
      this.#hang = { told: wasTold ? isHung : this.#hang.told, isTelling: false }
    })
  }

  #call(path: string, evidence: object, signal: AbortSignal): Promise<Reply<unknown>> {
    const { backendUrl, workerId, epoch, key } = this.incarnation
    const args = { witness: { workerId, epoch, key }, ...evidence }
    const limited = withinTime(this.options.times.callMs, signal)
    return postCall(backendUrl, { kind: 'mutation', path, args }, limited)
  }
}
