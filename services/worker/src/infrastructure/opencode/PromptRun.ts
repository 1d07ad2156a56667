import { setTimeout as wait } from 'node:timers/promises'
import type { AssistantMessage, Event, EventSessionError, Message, OpencodeClient } from '@opencode-ai/sdk/v2'
import type { Logger } from 'pino'
import { AnswerText } from './AnswerText'
import { describeModelError } from './describeModelError'
import { oneLine, statusOf } from './startFailure'
import { StepBreaker } from './StepBreaker'
import type { PromptOptions, PromptOutcome } from './types'

type SessionError = NonNullable<EventSessionError['properties']['error']>

const requestMs = 10_000
/**
 * How long a session may be idle with an answer that is neither begun nor whole: on a loaded machine opencode takes seconds
 * from storing a prompt to working on it.
 */
const settle = { tries: 60, everyMs: 250 }
/** How long an abort may take before the prompt counts as aborted anyway. */
const abort = { tries: 15, everyMs: 200 }
const messageLimit = 100

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
  /** opencode's id of the person's message; it is the parent of every message of the answer. */
  private questionId: string | undefined
  private readonly answerIds = new Set<string>()
  private readonly text: AnswerText
  private readonly breaker = new StepBreaker()
  private error: SessionError | undefined
  /** Why we gave up, if we did. */
  private verdict: string | undefined
  private aborting: Promise<void> | undefined
  /** `outdated`: something has happened since that the look under way may have come too early for. */
  private looking: 'no' | 'yes' | 'outdated' = 'no'
  private sentAt = 0

  constructor(
    private readonly client: OpencodeClient,
    private readonly options: PromptOptions,
    private readonly logger: Logger,
  ) {
    this.outcome = new Promise((resolve) => {
      this.resolve = resolve
    })
    this.text = new AnswerText((delta) => {
      if (!this.isSettled) options.onText(delta)
    })
  }

  /** Sends the prompt. Events must be heard before this is called. */
  async send(): Promise<void> {
    const { sessionId, model, text, signal } = this.options
    if (signal.aborted) {
      this.end({ kind: 'aborted' })
      return
    }
    const slash = model?.indexOf('/') ?? 0
    if (model !== undefined && slash < 1) {
      this.end({
        kind: 'failed',
        cause: `"${model}" is not a model's name; it should be provider/model.`,
      })
      return
    }
    this.sentAt = Date.now()
    const result = await this.client.session.promptAsync(
      {
        sessionID: sessionId,
        parts: [{ type: 'text', text }],
        ...(model !== undefined && {
          model: { providerID: model.slice(0, slash), modelID: model.slice(slash + 1) },
        }),
      },
      { signal: AbortSignal.timeout(requestMs) },
    )
    if (result.error !== undefined) {
      const why =
        statusOf(result) === 404 ? 'opencode does not have this session any more.' : oneLine(result.error)
      this.end({ kind: 'failed', cause: `The message could not be given to opencode: ${why}` })
      return
    }
    if (isAborted(signal)) this.abort()
    else signal.addEventListener('abort', this.abort, { once: true })
  }

  /** Takes an event of this session. */
  hear(event: Event): void {
    if (event.type === 'message.updated') {
      this.noteMessage(event.properties.info)
    } else if (event.type === 'message.part.updated') {
      const { part } = event.properties
      if (!this.answerIds.has(part.messageID)) return
      this.text.hearPart(part)
      if (part.type === 'step-finish') this.giveUpIf(this.breaker.stepFinished(part.reason))
    } else if (event.type === 'message.part.delta') {
      const { messageID, partID, field, delta } = event.properties
      if (field === 'text' && this.answerIds.has(messageID)) this.text.hearDelta(partID, delta)
    } else if (event.type === 'session.status' && event.properties.status.type === 'retry') {
      const { attempt, message } = event.properties.status
      this.logger.info({ sessionId: this.options.sessionId, attempt, message }, 'opencode tries again')
      this.giveUpIf(this.breaker.retrying(oneLine(message), this.text.takeProgress()))
    } else if (event.type === 'session.error') {
      // Before our own message was stored, an error can only be the echo of an earlier prompt.
      if (this.questionId !== undefined) this.error ??= event.properties.error
    } else if (event.type === 'session.idle') {
      this.look()
    }
  }

  /** Events were missed: the rest has to be read from what opencode stored. */
  hearGap(): void {
    this.text.hearGap()
    this.look()
  }

  /** Finds out where the session stands, and settles if it is at rest. */
  private look(): void {
    if (this.isSettled || this.sentAt === 0) return
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
    this.options.signal.removeEventListener('abort', this.abort)
    this.resolve(outcome)
  }

  private noteMessage(info: Message): void {
    if (info.role === 'assistant') {
      if (info.parentID === this.questionId) this.answerIds.add(info.id)
    } else if (this.sentAt > 0 && info.time.created >= this.sentAt) {
      this.questionId ??= info.id
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
    for (let tries = 0; tries < settle.tries; tries += 1) {
      if (this.isSettled) return
      const signal = AbortSignal.timeout(requestMs)
      const status = await this.client.session.status(undefined, { signal })
      const messages = await this.client.session.messages(
        { sessionID: sessionId, limit: messageLimit },
        { signal },
      )
      if (status.data === undefined || messages.data === undefined) return
      const isBusy = (status.data[sessionId]?.type ?? 'idle') !== 'idle'

      let last: AssistantMessage | undefined
      for (const { info, parts } of messages.data) {
        this.noteMessage(info)
        if (info.role === 'user' || !this.answerIds.has(info.id)) continue
        for (const part of parts) this.text.hearStoredPart(part)
        last = info
      }
      if (isBusy) return
      // Not begun yet: then the rest that we see is the one before it.
      if (this.questionId === undefined) return
      const outcome = this.judge(last)
      if (outcome !== undefined) {
        this.end(outcome)
        return
      }
      await wait(settle.everyMs)
    }
    if (!this.isSettled) {
      this.end({ kind: 'failed', cause: 'opencode stopped working on the answer before it was complete.' })
    }
  }

  private judge(last: AssistantMessage | undefined): PromptOutcome | undefined {
    const error = last?.error ?? this.error
    if (this.verdict !== undefined) return { kind: 'failed', cause: this.verdict }
    if (error?.name === 'MessageAbortedError') return { kind: 'aborted' }
    if (error !== undefined) return { kind: 'failed', cause: describeModelError(error) }
    return last?.time.completed === undefined ? undefined : { kind: 'completed' }
  }
}

/** Read through a function: the signal may change during any await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
