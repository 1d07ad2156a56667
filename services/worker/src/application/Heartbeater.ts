import type { Logger } from 'pino'
import type { Beat } from '../infrastructure/convex/backendTypes'
import { describeFailure, type Failure, type Reply } from '../infrastructure/convex/reply'

/** Beats are spread by this share of the interval to either side, so that a fleet does not beat in step. */
const JITTER = 0.1

export interface HeartbeaterOptions {
  send: (seq: number, signal: AbortSignal) => Promise<Reply<Beat>>
  intervalMs: number
  /** Called when a beat was acknowledged, with the moment at which it was sent (monotonic clock, milliseconds). */
  onAcknowledged: (sentAt: number) => void
  /** Called with what came of each beat: `acknowledged`, the code of a refusal, or how it failed. */
  onOutcome: (outcome: string) => void
  /** Called when a beat brought the worker online, which its backend therefore thought offline. */
  onBackOnline: () => void
  logger: Logger
  /** From 0 to below 1; `Math.random` unless a test says otherwise. */
  random?: () => number
}

/**
 * Signs of life of one incarnation: one in flight, aborted when the next is due, never queued and never sent again. A beat
 * that could not be sent is worth nothing later, so a failure is only logged. Refusals are the gateway's listener's matter.
 */
export class Heartbeater {
  #seq = 0
  #intervalMs: number
  #timer: NodeJS.Timeout | undefined
  #inFlight: AbortController | undefined
  #isStopped = false
  #failures = 0

  constructor(private readonly options: HeartbeaterOptions) {
    this.#intervalMs = options.intervalMs
    this.#arm()
  }

  /** Follows the deployment's setting; the next beat is timed anew. */
  setInterval(intervalMs: number): void {
    if (intervalMs === this.#intervalMs || this.#isStopped) return
    this.#intervalMs = intervalMs
    this.#arm()
  }

  /** Sends a beat at once, in place of the one in flight, and times the next from now. Answers what came of it. */
  async beatNow(): Promise<Reply<Beat>> {
    if (this.#isStopped) return { kind: 'unreachable', reason: 'heartbeats have ended' }
    this.#arm()
    this.#inFlight?.abort()
    const controller = new AbortController()
    this.#inFlight = controller
    this.#seq += 1
    const sentAt = performance.now()
    const reply = await this.options.send(this.#seq, controller.signal)
    if (this.#inFlight === controller) this.#inFlight = undefined
    if (!controller.signal.aborted) this.#note(reply, sentAt)
    return reply
  }

  /** No beat is sent after this; the one in flight is aborted. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#inFlight?.abort()
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const { random = Math.random } = this.options
    const waitMs = Math.round(this.#intervalMs * (1 + JITTER * (2 * random() - 1)))
    this.#timer = setTimeout(() => this.#fire(), waitMs)
  }

  #fire(): void {
    if (this.#inFlight) this.#noteFailure({ kind: 'unreachable', reason: 'no answer within the interval' })
    void this.beatNow()
  }

  #note(reply: Reply<Beat>, sentAt: number): void {
    if (reply.kind !== 'ok') {
      this.#noteFailure(reply)
      return
    }
    const { logger, onAcknowledged, onBackOnline } = this.options
    if (this.#failures > 0)
      logger.info({ event: 'heartbeat.restored', failures: this.#failures }, 'heard again')
    this.#failures = 0
    this.options.onOutcome('acknowledged')
    onAcknowledged(sentAt)
    if (reply.value.kind === 'online' || reply.value.kind === 'recovered') onBackOnline()
  }

  #noteFailure(failure: Failure): void {
    this.#failures += 1
    this.options.onOutcome(failure.kind === 'refused' ? failure.refusal.code : failure.kind)
    const level = this.#failures === 1 ? 'warn' : 'debug'
    this.options.logger[level](
      { event: 'heartbeat.failed', failures: this.#failures },
      describeFailure(failure),
    )
  }
}
