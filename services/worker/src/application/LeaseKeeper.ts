import type { Logger } from 'pino'
import { Lease } from '../domain/Lease'

export interface LeaseKeeperOptions {
  epoch: number
  staleThresholdMs: number
  /** Called when the worker has to believe itself offline: it takes no new work until a beat is acknowledged. */
  onFenced: () => void
  logger: Logger
}

/**
 *  held ⇄ lost, and ended (terminal)
 *  A worker whose beats are not acknowledged fences itself, before the backend hands its work to nobody.
 */
type Tenure = { name: 'held'; timer: NodeJS.Timeout } | { name: 'lost'; since: number } | { name: 'ended' }

/** Watches over the lease of one incarnation, on the monotonic clock. */
export class LeaseKeeper {
  readonly #lease: Lease
  #tenure: Tenure

  constructor(private readonly options: LeaseKeeperOptions) {
    this.#lease = new Lease(options.staleThresholdMs, performance.now())
    this.#tenure = this.#held()
  }

  /** Milliseconds since the last acknowledged beat was sent. */
  get ageMs(): number {
    return this.#lease.ageMs(performance.now())
  }

  /** Whether the worker has to believe itself offline. Not after `end`. */
  get isLost(): boolean {
    return this.#tenure.name === 'lost'
  }

  /** A beat sent at `sentAt` (monotonic) was acknowledged. */
  renew(sentAt: number): void {
    const { logger, epoch } = this.options
    this.#lease.renew(sentAt)
    if (this.#tenure.name === 'lost' && this.#lease.leftMs(performance.now()) > 0) {
      const ms = Math.round(performance.now() - this.#tenure.since)
      logger.info(
        { event: 'worker.unfenced', epoch, ms },
        'the backend acknowledged a heartbeat: taking work again',
      )
    }
    this.#follow()
  }

  changeThreshold(staleThresholdMs: number): void {
    this.#lease.changeThreshold(staleThresholdMs)
    this.#follow()
  }

  /** The incarnation is over, or being succeeded. */
  end(): void {
    if (this.#tenure.name === 'held') clearTimeout(this.#tenure.timer)
    this.#tenure = { name: 'ended' }
  }

  #follow(): void {
    if (this.#tenure.name === 'ended') return
    if (this.#tenure.name === 'held') clearTimeout(this.#tenure.timer)
    else if (this.#lease.leftMs(performance.now()) === 0) return
    this.#tenure = this.#held()
  }

  #held(): Tenure {
    const timer = setTimeout(() => this.#expire(), Math.ceil(this.#lease.leftMs(performance.now())))
    return { name: 'held', timer: timer.unref() }
  }

  #expire(): void {
    // Timers are kept in whole milliseconds and may come a little early.
    if (this.#lease.leftMs(performance.now()) > 0) {
      this.#tenure = this.#held()
      return
    }
    const { logger, epoch, onFenced } = this.options
    this.#tenure = { name: 'lost', since: performance.now() }
    logger.warn(
      { event: 'worker.fenced', epoch },
      'no heartbeat was acknowledged for too long: taking no new work until one is',
    )
    onFenced()
  }
}
