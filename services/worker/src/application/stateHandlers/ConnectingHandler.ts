import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { backoffMs } from '../../domain/backoff'
import { exitCodes } from '../../domain/exitCodes'
import type { StopRequest } from '../../domain/stopRequest'
import { Latch } from '../Latch'
import { toError } from '../../errors'
import { describeEnd } from '../../infrastructure/opencode/describeEnd'
import { OpencodeStartError } from '../../infrastructure/opencode/errors'
import type { Opencode } from '../../infrastructure/opencode/types'

/** How often opencode may end or fail to start, in a row, before the worker gives up. */
const ATTEMPTS = 5
/**
 * How often it is started when it has never run. Once is too few: two workers that start on a new machine have their opencodes make
 * one database, and opencode 1.18.33 ends when another one does so at the same moment.
 */
const FIRST_ATTEMPTS = 2

/** Up for this long (ms), it is taken for healthy: earlier ends no longer count. */
const HEALTHY_AFTER_MS = 5 * 60_000

const retries = { firstMs: 1_000, maxMs: 30_000 }

export type ConnectingOutcome =
  { kind: 'connected'; opencode: Opencode } | { kind: 'stop'; request: StopRequest } | { kind: 'stopped' }

export interface ConnectingOptions {
  /** Ends what earlier incarnations left behind; called once, before the first start. */
  reap: () => Promise<void>
  start: (signal: AbortSignal) => Promise<Opencode>
  /** Called when opencode ended without having been told to. */
  onEnded: () => void
  signal: AbortSignal
  logger: Logger
}

/** Keeps one opencode: starts it, and again with growing pauses when it died. */
export class ConnectingHandler {
  #isReaped = false
  #running: Opencode | undefined
  #stopping: Opencode | undefined
  /** It has ended; what it started is being ended. */
  #dying: Opencode | undefined
  /** Set while nothing is left of the one before. */
  readonly #gone = new Latch<true>()
  #hasRun = false
  #deaths = 0
  #startedAt = 0

  constructor(private readonly options: ConnectingOptions) {
    this.#gone.set(true)
  }

  /** The one that runs, also while it is being stopped. */
  get opencode(): Opencode | undefined {
    return this.#running ?? this.#dying ?? this.#stopping
  }

  /** Stops opencode and everything it started, within `deadlineMs`. Never rejects. */
  async stop(deadlineMs: number): Promise<void> {
    const opencode = this.#running ?? this.#dying
    this.#running = undefined
    this.#stopping = opencode
    await opencode?.stop({ deadlineMs })
    this.#stopping = undefined
  }

  /** The running opencode, or a new one. Never rejects. */
  async connect(): Promise<ConnectingOutcome> {
    const { reap, signal, logger } = this.options
    if (!this.#isReaped) {
      await reap()
      this.#isReaped = true
    }
    while (!this.#isStopping()) {
      if (!this.#running) await this.#gone.wait(signal)
      if (this.#running) return { kind: 'connected', opencode: this.#running }
      if (this.#deaths > 0) {
        await wait(backoffMs(this.#deaths, retries), undefined, { signal }).catch(() => undefined)
      }
      try {
        return { kind: 'connected', opencode: await this.#start() }
      } catch (thrown: unknown) {
        if (this.#isStopping()) break
        const error = toError(thrown)
        const request = this.#stopFor(error)
        if (request) return { kind: 'stop', request }
        this.#deaths += 1
        logger.warn({ event: 'opencode.start-failed', attempt: this.#deaths }, error.message)
      }
    }
    return { kind: 'stopped' }
  }

  #isStopping(): boolean {
    return this.options.signal.aborted
  }

  async #start(): Promise<Opencode> {
    const { start, signal, logger, onEnded } = this.options
    const from = performance.now()
    const opencode = await start(signal)
    this.#gone.clear()
    const ms = Math.round(performance.now() - from)
    logger.info({ event: 'opencode.started', version: opencode.version, ms }, 'opencode answers')
    this.#running = opencode
    this.#hasRun = true
    this.#startedAt = performance.now()
    void opencode.died.then((end) => {
      if (this.#running !== opencode) return
      this.#running = undefined
      this.#dying = opencode
      const isHealthy = performance.now() - this.#startedAt > HEALTHY_AFTER_MS
      this.#deaths = isHealthy ? 1 : this.#deaths + 1
      logger.error({ event: 'opencode.ended', ...end }, `opencode ended (${describeEnd(end)})`)
      onEnded()
    })
    void opencode.exited.then(() => {
      if (this.#dying === opencode) this.#dying = undefined
      this.#gone.set(true)
    })
    return opencode
  }

  /** What a failed start means for the process, or undefined if it is worth another try. */
  #stopFor(error: Error): StopRequest | undefined {
    if (error instanceof OpencodeStartError && error.code === 'OPENCODE_MISSING') {
      return {
        kind: 'crashed',
        cause: 'startup-failed',
        message: error.message,
        exitCode: exitCodes.misconfigured,
      }
    }
    if (this.#deaths >= (this.#hasRun ? ATTEMPTS : FIRST_ATTEMPTS - 1)) {
      return { kind: 'crashed', cause: 'opencode-failed', message: error.message, exitCode: exitCodes.failed }
    }
    return undefined
  }
}
