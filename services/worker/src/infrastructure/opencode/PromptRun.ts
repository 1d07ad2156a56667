import { setTimeout as wait } from 'node:timers/promises'
import type { Event, OpencodeClient, SessionStatus } from '@opencode-ai/sdk/v2'
import type { Logger } from 'pino'
import { AnswerTranscript } from './AnswerTranscript'
import { isAnswerOver, judgeAnswer, type SessionError } from './judgeAnswer'
import { modelNamed } from './modelNamed'
import { SilenceBreaker } from './SilenceBreaker'
import { oneLine, statusOf } from './startFailure'
import { StepBreaker } from './StepBreaker'
import type { PersonRequest, PromptLimits, PromptOptions, PromptOutcome } from './types'

const requestMs = 10_000
/**
 * How long a session's status and its answer may contradict each other: idle with an answer that is not whole (on a loaded
 * machine opencode takes seconds from storing a prompt to working on it), or busy with one that is over.
 */
const settleMs = 15_000
const lookEveryMs = 250
/** How long an abort may take before the prompt counts as aborted anyway. */
const abort = { tries: 15, everyMs: 200 }
const messageLimit = 100
/** After this long without a word, the session is looked at: an event may have been lost, or come before what it tells of. */
const quietMs = 10_000

/**
 * One prompt in one session, from its sending to its outcome.
 *
 *   sending ──accepted──▶ answering ──session idle, message whole──▶ settled
 *      │                     └──gave up, abort──▶ aborting ──────────────┤
 *      └──refused, opencode gone, stopped ───────────────────────────────┘
 *
 * Events tell when to look; the session's status and stored messages decide. An idle event alone proves nothing: an aborted
 * or failed prompt sends two, and the second may arrive when the next prompt runs already.
 */
export class PromptRun {
  readonly outcome: Promise<PromptOutcome>
  private resolve: (outcome: PromptOutcome) => void = () => undefined
  private isSettled = false
  private readonly transcript: AnswerTranscript
  private readonly silence: SilenceBreaker
  private readonly breaker = new StepBreaker()
  private error: SessionError | undefined
  private quiet: NodeJS.Timeout | undefined
  /** Why we gave up, if we did. */
  private verdict: string | undefined
  private aborting: Promise<void> | undefined
  /** `outdated`: something has happened since that the look under way may have come too early for. */
  private looking: 'no' | 'yes' | 'outdated' = 'no'

  constructor(
    private readonly client: OpencodeClient,
    private readonly options: PromptOptions,
    private readonly logger: Logger,
    private readonly limits: PromptLimits = {},
    /** Whether opencode waits for a person in this prompt. */
    isPersonAsked: () => boolean = () => false,
  ) {
    this.outcome = new Promise((resolve) => {
      this.resolve = resolve
    })
    this.transcript = new AnswerTranscript({
      onText: this.unlessSettled(options.onText),
      onPart: this.unlessSettled(options.onPart),
      onUsage: this.unlessSettled(options.onUsage),
    })
    this.silence = new SilenceBreaker({
      silenceMs: limits.silenceMs,
      isWaiting: () => this.transcript.parts.isToolRunning || isPersonAsked(),
      onSilence: (cause) => this.giveUpIf(cause),
    })
  }

  /** Sends the prompt. Events must be heard before this is called. */
  async send(): Promise<void> {
    const { sessionId, model, text, signal } = this.options
    if (signal.aborted) {
      this.end({ kind: 'aborted' })
      return
    }
    const named = model === undefined ? undefined : modelNamed(model)
    if (model !== undefined && named === undefined) {
      this.end({ kind: 'failed', cause: `"${model}" is not a model's name; it should be provider/model.` })
      return
    }
    const result = await this.client.session.promptAsync(
      {
        sessionID: sessionId,
        parts: [{ id: this.transcript.questionPartId, type: 'text', text }],
        ...(named && { model: named }),
      },
      { signal: AbortSignal.timeout(requestMs) },
    )
    if (result.error !== undefined) {
      const why =
        statusOf(result) === 404 ? 'opencode does not have this session any more.' : oneLine(result.error)
      this.end({ kind: 'failed', cause: `The message could not be given to opencode: ${why}` })
      return
    }
    if (!this.isSettled) {
      this.silence.start()
      this.quiet = setInterval(() => this.look(), quietMs)
    }
    if (isAborted(signal)) this.abort()
    else signal.addEventListener('abort', this.abort, { once: true })
  }

  /** Takes an event of this session. */
  hear(event: Event): void {
    this.quiet?.refresh()
    this.silence.hear(event)
    this.transcript.hear(event)
    if (event.type === 'message.part.updated') {
      const { part } = event.properties
      if (part.type === 'step-finish' && this.transcript.owns(part.messageID)) {
        this.giveUpIf(this.breaker.stepFinished(part.reason))
      }
    } else if (event.type === 'session.status') {
      this.hearStatus(event.properties.status)
    } else if (event.type === 'session.error') {
      // Before our own message was stored, an error can only be the echo of an earlier prompt.
      if (this.transcript.isBegun) this.error ??= event.properties.error
    } else if (event.type === 'session.idle') {
      this.look()
    }
  }

  /** Puts what opencode asks before the person of this prompt. Answers whether there is one. */
  ask(request: PersonRequest): boolean {
    const { onRequest, signal } = this.options
    if (this.isSettled || signal.aborted || onRequest === undefined) return false
    onRequest(request)
    return true
  }

  /** Events were missed: the rest has to be read from what opencode stored. */
  hearGap(): void {
    this.transcript.hearGap()
    this.look()
  }

  /** Finds out where the session stands, and settles if it is at rest. */
  private look(): void {
    if (this.isSettled) return
    if (this.looking === 'no') void this.lookUntilUpToDate()
    else this.looking = 'outdated'
  }

  private async lookUntilUpToDate(): Promise<void> {
    do {
      this.looking = 'yes'
      await this.settleIfIdle().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'The state of a session cannot be read'),
      )
    } while (this.isOutdated() && !this.isSettled)
    this.looking = 'no'
  }

  /** Read through a function: it changes during any await. */
  private isOutdated(): boolean {
    return this.looking === 'outdated'
  }

  /** Settles at once, whatever opencode may still do. The first outcome counts. */
  end(outcome: PromptOutcome): void {
    if (this.isSettled) return
    this.isSettled = true
    this.silence.stop()
    clearInterval(this.quiet)
    this.options.signal.removeEventListener('abort', this.abort)
    this.resolve(outcome)
  }

  private hearStatus(status: SessionStatus): void {
    if (status.type !== 'retry') return
    const { attempt, next } = status
    const message = oneLine(status.message)
    this.logger.info({ sessionId: this.options.sessionId, attempt, message }, 'opencode tries again')
    this.unlessSettled(this.options.onRetry)({ attempt, message, inMs: Math.max(0, next - Date.now()) })
    this.giveUpIf(this.breaker.retrying(message, this.transcript.text.takeProgress()))
  }

  private unlessSettled<T>(tell: ((said: T) => void) | undefined): (said: T) => void {
    return (said) => {
      if (!this.isSettled) tell?.(said)
    }
  }

  private giveUpIf(cause: string | undefined): void {
    if (cause === undefined || this.verdict !== undefined) return
    this.verdict = cause
    this.abort()
  }

  /** Asks until the session is at rest: an abort that arrives before the prompt has begun is answered, but does nothing. */
  private readonly abort = (): void => {
    this.aborting ??= this.abortUntilAtRest()
  }

  private async abortUntilAtRest(): Promise<void> {
    for (let tries = 0; tries < abort.tries && !this.isSettled; tries += 1) {
      this.client.session
        .abort({ sessionID: this.options.sessionId }, { signal: AbortSignal.timeout(requestMs) })
        .catch((error: unknown) => this.logger.debug({ err: error }, 'An abort was not answered'))
        .finally(() => this.look())
      await Promise.race([this.outcome, wait(abort.everyMs)])
    }
    this.end(this.verdict === undefined ? { kind: 'aborted' } : { kind: 'failed', cause: this.verdict })
  }

  private async settleIfIdle(): Promise<void> {
    const { sessionId } = this.options
    let wasBusy = false
    const giveUpAt = performance.now() + (this.limits.settleMs ?? settleMs)
    while (performance.now() < giveUpAt) {
      if (this.isSettled) return
      const signal = AbortSignal.timeout(requestMs)
      const status = await this.client.session.status(undefined, { signal })
      const messages = await this.client.session.messages(
        { sessionID: sessionId, limit: messageLimit },
        { signal },
      )
      if (status.data === undefined || messages.data === undefined) return
      const isBusy = (status.data[sessionId]?.type ?? 'idle') !== 'idle'

      const last = this.transcript.hearStored(messages.data)
      // Not begun yet: then the rest that we see is the one before it.
      if (!this.transcript.isBegun) return
      if (isBusy && !isAnswerOver(last)) return
      const outcome = isBusy ? undefined : judgeAnswer(last, { verdict: this.verdict, error: this.error })
      if (outcome !== undefined) {
        this.end(outcome)
        return
      }
      wasBusy = isBusy
      await wait(lookEveryMs)
    }
    if (wasBusy) this.giveUpIf('opencode stayed busy after the end of the answer.')
    else this.end({ kind: 'failed', cause: 'opencode stopped working on the answer before it was complete.' })
  }
}

/** Read through a function: the signal may change during any await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
