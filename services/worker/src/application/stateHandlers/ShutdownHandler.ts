import type { Logger } from 'pino'
import { causeOf, type Farewell, type StopRequest } from '../../domain/stopRequest'
import type { BackendGateway } from '../../infrastructure/convex/BackendGateway'
import type { OfflineEvidence } from '../../infrastructure/convex/backendTypes'
import { describeFailure } from '../../infrastructure/convex/reply'
import { toError } from '../../errors'
import type { ChatSessionManager } from '../ChatSessionManager'

/** Shares of the watchdog's time. Saving, stopping opencode and hooks end by 60 %, so that the goodbye gets its chance. */
const share = { announce: 0.1, save: 0.2, chats: 0.5, chatsAndHooks: 0.6, offline: 0.25 } as const

/** What the goodbye gets when a second signal says "now"; milliseconds. */
const FORCED_MS = 1_000

const RETRY_MS = 200

/**
 * Once all chats are saved, opencode's end is waited for this long (ms) before the goodbye; then it goes on beside it. The
 * page learns within a second that the worker is gone, and the process stays until opencode is.
 */
const OPENCODE_PATIENCE_MS = 250

/** A cleanup of somebody else's, run after the chats are closed. Aborted at its deadline. */
export type ShutdownHook = (context: { cause: string; signal: AbortSignal }) => Promise<void>

type DrainRequest = Extract<StopRequest, { kind: 'asked' | 'crashed' }>

export interface ShutdownOptions {
  request: StopRequest
  gateway: Pick<BackendGateway, 'beginDraining' | 'goOffline' | 'close'>
  chats: Pick<ChatSessionManager, 'disconnectAll'>
  /** Resolves when what the worker was starting is gone. */
  settled: Promise<unknown>
  hooks: readonly ShutdownHook[]
  stopHeartbeats: () => void
  /** Whether this process has an incarnation to close. */
  isRegistered: boolean
  /** Milliseconds until the watchdog ends the process. */
  timeoutMs: number
  /** A second signal: go offline and leave everything else. */
  forced: AbortSignal
  logger: Logger
}

/**
 * Drains the worker: (1) tells the backend, (2) closes the chats and opencode, (3) runs the hooks, (4) goes offline and closes
 * the client, (5) says so. Every step has its own budget; one that fails or does not end is logged and left behind, and the
 * process stays for it until the watchdog.
 */
export class ShutdownHandler {
  readonly #startedAt = performance.now()
  readonly #unfinished = new Map<string, Promise<unknown>>()

  constructor(private readonly options: ShutdownOptions) {}

  /** The steps that began and are not over: what the watchdog names. */
  get hanging(): string[] {
    return [...this.#unfinished.keys()]
  }

  /** Must be called once. Never rejects; does not resolve while a step hangs. */
  async run(): Promise<Farewell> {
    const { request, timeoutMs, forced } = this.options
    const isOurs = request.kind === 'asked' || request.kind === 'crashed'
    if (isOurs && this.options.isRegistered) {
      await this.#step('announce', share.announce * timeoutMs, (signal) => this.#announce(request, signal))
    }
    const chatsFrom = performance.now()
    await this.#step('chats', share.chats * timeoutMs, (_signal, goOn) => this.#closeChats(isOurs, goOn))
    for (const [index, hook] of this.options.hooks.entries()) {
      const left = share.chatsAndHooks * timeoutMs - (performance.now() - chatsFrom)
      await this.#step(`hook ${index + 1}`, left, (signal) => hook({ cause: causeOf(request), signal }))
    }
    this.options.stopHeartbeats()
    const farewell = isOurs && this.options.isRegistered ? await this.#sayGoodbye(request) : 'not-needed'
    await this.#step('close', FORCED_MS, () => this.options.gateway.close(), { isLast: true })
    if (!forced.aborted) await Promise.allSettled(this.#unfinished.values())
    return farewell
  }

  async #announce(request: DrainRequest, signal: AbortSignal): Promise<void> {
    const { gateway, timeoutMs } = this.options
    const reply = await gateway.beginDraining(request.cause, timeoutMs, signal)
    if (reply.kind !== 'ok') throw new Error(describeFailure(reply))
  }

  async #closeChats(canSave: boolean, goOn: () => void): Promise<void> {
    const { chats, settled, timeoutMs } = this.options
    await Promise.all([
      chats.disconnectAll({
        saveMs: canSave ? share.save * timeoutMs : 0,
        stopMs: (share.chats - share.save) * timeoutMs,
        onSaved: () => setTimeout(goOn, OPENCODE_PATIENCE_MS).unref(),
      }),
      settled,
    ])
  }

  async #sayGoodbye(request: DrainRequest): Promise<Farewell> {
    const { forced, timeoutMs } = this.options
    const budget = forced.aborted ? FORCED_MS : share.offline * timeoutMs
    const isTold = await this.#step('offline', budget, (signal) => this.#goOffline(request, signal), {
      isLast: true,
    })
    return isTold ? 'told' : 'untold'
  }

  /** Tries until the backend answers; throws when the budget is used. */
  async #goOffline(request: DrainRequest, signal: AbortSignal): Promise<void> {
    const reason = request.kind === 'crashed' ? 'crashed' : 'shutdown'
    for (;;) {
      const evidence: OfflineEvidence = {
        cause: request.cause,
        drainMs: Math.round(performance.now() - this.#startedAt),
        ...(request.kind === 'crashed' && { message: request.message, exitCode: request.exitCode }),
      }
      const reply = await this.options.gateway.goOffline(reason, evidence, signal)
      // Refused: closed before, or another process's by now. Either way nothing of ours is online.
      if (reply.kind === 'ok' || reply.kind === 'refused') return
      if (signal.aborted) throw new Error(describeFailure(reply))
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }

  /** Whether the work was done within its budget. `goOn` lets the next step begin beside it. Never rejects. */
  async #step(
    step: string,
    budgetMs: number,
    work: (signal: AbortSignal, goOn: () => void) => Promise<void>,
    { isLast = false } = {},
  ): Promise<boolean> {
    const { forced } = this.options
    if (forced.aborted && !isLast) return false
    const from = performance.now()
    const budget = Math.max(0, Math.round(budgetMs))
    const deadline = new AbortController()
    const outcome = await new Promise<Outcome>((resolve) => {
      const timer = setTimeout(() => {
        deadline.abort()
        resolve({ kind: 'abandoned' })
      }, budget)
      if (!isLast) forced.addEventListener('abort', () => resolve({ kind: 'abandoned' }), { once: true })
      const working = work(deadline.signal, () => resolve({ kind: 'continuing' }))
        .then(
          () => resolve({ kind: 'done' }),
          (thrown: unknown) => resolve({ kind: 'failed', error: toError(thrown) }),
        )
        .finally(() => {
          clearTimeout(timer)
          this.#unfinished.delete(step)
        })
      this.#unfinished.set(step, working)
    })
    this.#report(step, Math.round(performance.now() - from), outcome)
    return outcome.kind === 'done'
  }

  #report(step: string, ms: number, outcome: Outcome): void {
    const { logger } = this.options
    const fields = { event: 'shutdown.step', step, ms, outcome: outcome.kind }
    switch (outcome.kind) {
      case 'done':
      case 'continuing':
        logger.info(fields, `step ${step}: ${outcome.kind} (${ms} ms)`)
        break
      case 'abandoned':
        logger.warn(fields, `step ${step}: not done within ${ms} ms, left behind`)
        break
      case 'failed':
        logger.warn(fields, `step ${step}: ${outcome.error.message}`)
        break
      default:
        outcome satisfies never
    }
  }
}

type Outcome = { kind: 'done' | 'continuing' | 'abandoned' } | { kind: 'failed'; error: Error }
