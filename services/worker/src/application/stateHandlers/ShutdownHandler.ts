import type { Logger } from 'pino'
import { hookTime } from '../../domain/hookTime'
import { causeOf, type Farewell, type StopRequest } from '../../domain/stopRequest'
import type { BackendGateway } from '../../infrastructure/convex/BackendGateway'
import type { OfflineEvidence } from '../../infrastructure/convex/backendTypes'
import { describeFailure } from '../../infrastructure/convex/reply'
import { toError } from '../../errors'
import { withinTime } from '../../withinTime'
import type { ChatSessionManager } from '../ChatSessionManager'
import { wishOf, type HookGroup, type ShutdownHook } from '../ShutdownHook'

/** Shares of the watchdog's time. Saving, stopping opencode and hooks end by 60 %, so that the goodbye gets its chance. */
const share = { announce: 0.1, save: 0.2, chats: 0.5, chatsAndHooks: 0.6, offline: 0.25 } as const

/** What the goodbye gets when a second signal says "now"; milliseconds. */
const FORCED_MS = 1_000

const RETRY_MS = 200

/** What one attempt at the goodbye gets (ms): it may hang on a connection that is dead, where another one would do. */
const ATTEMPT_MS = 1_000

/**
 * Once all chats are saved, opencode's end is waited for this long (ms) before the goodbye; then it goes on beside it. The
 * page learns within a second that the worker is gone, and the process stays until opencode is. Hooks are for after its end:
 * where there are some, it is waited for as long as the step may take.
 */
const OPENCODE_PATIENCE_MS = 250

type DrainRequest = Extract<StopRequest, { kind: 'asked' | 'crashed' }>

export interface ShutdownOptions {
  request: StopRequest
  gateway: Pick<BackendGateway, 'beginDraining' | 'goOffline' | 'close'>
  chats: Pick<ChatSessionManager, 'disconnectAll'>
  /** Resolves when what the worker was starting is gone. */
  settled: Promise<unknown>
  /** Groups that run one after the other. */
  hooks: readonly HookGroup[]
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
 * process stays for it until the watchdog. For a hook that is left behind it does not stay.
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
    await this.#runHooks(chatsFrom + share.chatsAndHooks * timeoutMs)
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
    const { chats, settled, timeoutMs, hooks } = this.options
    await Promise.all([
      chats.disconnectAll({
        saveMs: canSave ? share.save * timeoutMs : 0,
        stopMs: (share.chats - share.save) * timeoutMs,
        onSaved: () => {
          if (hooks.length === 0) setTimeout(goOn, OPENCODE_PATIENCE_MS).unref()
        },
      }),
      settled,
    ])
  }

  /** All are over or left behind at `until`, on the monotonic clock. */
  async #runHooks(until: number): Promise<void> {
    const { hooks } = this.options
    for (const [index, group] of hooks.entries()) {
      const timeMs = hookTime(hooks.slice(index).map(wishOf), until - performance.now())
      await Promise.all(group.map((hook) => this.#runHook(hook, Math.min(hook.budgetMs ?? Infinity, timeMs))))
    }
  }

  async #runHook({ name, run }: ShutdownHook, timeMs: number): Promise<void> {
    const { request, logger } = this.options
    const budgetMs = Math.round(timeMs)
    const context = {
      cause: causeOf(request),
      deadline: Date.now() + budgetMs,
      logger: logger.child({ hook: name }),
    }
    // Another's function: it may throw at once, or answer no promise.
    const work = async (signal: AbortSignal) => await run({ ...context, signal })
    await this.#step(`hook ${name}`, budgetMs, work, { isForgotten: true })
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
      const reply = await this.options.gateway.goOffline(reason, evidence, withinTime(ATTEMPT_MS, signal))
      // Refused: closed before, or another process's by now. Either way nothing of ours is online.
      if (reply.kind === 'ok' || reply.kind === 'refused') return
      if (signal.aborted) throw new Error(describeFailure(reply))
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }

  /**
   * Whether the work was done within its budget. `goOn` lets the next step begin beside it. `isLast`: a second signal leaves it
   * out of what it skips. `isForgotten`: nobody waits for it once it is left behind. Never rejects.
   */
  async #step(
    step: string,
    budgetMs: number,
    work: (signal: AbortSignal, goOn: () => void) => Promise<void>,
    { isLast = false, isForgotten = false } = {},
  ): Promise<boolean> {
    const { forced } = this.options
    if (forced.aborted && !isLast) return false
    const from = performance.now()
    const budget = Math.max(0, Math.round(budgetMs))
    const deadline = new AbortController()
    const outcome = await new Promise<Outcome>((resolve) => {
      const abandon = () => {
        deadline.abort()
        resolve({ kind: 'abandoned' })
      }
      const timer = setTimeout(abandon, budget)
      if (!isLast) forced.addEventListener('abort', abandon, { once: true })
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
    if (isForgotten) this.#unfinished.delete(step)
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
        logger.warn(
          { ...fields, ...(logger.isLevelEnabled('debug') && { err: outcome.error }) },
          `step ${step}: ${outcome.error.message}`,
        )
        break
      default:
        outcome satisfies never
    }
  }
}

type Outcome = { kind: 'done' | 'continuing' | 'abandoned' } | { kind: 'failed'; error: Error }
