import { setTimeout as wait } from 'node:timers/promises'
import { DAY } from '@rollcall/backend/contract'
import type { Logger } from 'pino'
import type { BackendGateway } from '../infrastructure/convex/BackendGateway'
import type { MessageId, Usage } from '../infrastructure/convex/backendTypes'
import { describeFailure, type Reply } from '../infrastructure/convex/reply'
import type { ModelRetry, PromptListener, PromptOutcome } from '../infrastructure/opencode/types'
import { backoffMs } from '../domain/backoff'
import { answerEnding, type Abortion, type AnswerEnding } from './answerEnding'
import { AnswerWriter } from './AnswerWriter'
import { PartWriter } from './PartWriter'

const END_ATTEMPTS = 6
const retries = { firstMs: 500, maxMs: 10_000 }

export type AnswerBackend = Pick<
  BackendGateway,
  'append' | 'putParts' | 'noteModelRetry' | 'complete' | 'fail' | 'interrupt'
>

/** An answer between its claim and its end: tells the backend what opencode says of it, and can be ended from this side. */
export class RunningAnswer {
  readonly #controller = new AbortController()
  readonly #text: AnswerWriter
  readonly #parts: PartWriter
  #abortion: Abortion | undefined
  #usage: Usage

  constructor(
    readonly messageId: MessageId,
    private readonly options: { backend: AnswerBackend; logger: Logger },
  ) {
    const { backend, logger } = options
    this.#text = new AnswerWriter({
      append: (index, text) => backend.append(messageId, index, text),
      onEnd: (end) => this.abort(end),
    })
    this.#parts = new PartWriter({
      put: (parts) => backend.putParts(messageId, parts),
      logger: logger.child({ messageId }),
    })
  }

  /** Aborted by `abort`. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Ends the prompt; the first reason counts. */
  abort(abortion: Abortion): void {
    this.#abortion ??= abortion
    this.#controller.abort()
  }

  /** For the prompt. What opencode says after an abort is not part of the answer any more. */
  get listener(): Required<PromptListener> {
    const unlessAborted =
      <T>(tell: (said: T) => void) =>
      (said: T) => {
        if (!this.signal.aborted) tell(said)
      }
    return {
      onText: unlessAborted((delta) => this.#text.add(delta)),
      onPart: unlessAborted((part) => this.#parts.add(part)),
      onRetry: unlessAborted((retry) => void this.#noteRetry(retry)),
      onUsage: unlessAborted((usage) => {
        this.#usage = usage
      }),
    }
  }

  /** Tells the backend the rest, and that the answer has ended. Must be called once, when the prompt is over. */
  async end(outcome: PromptOutcome): Promise<{ ending: AnswerEnding; reply: Reply<null> }> {
    await Promise.all([this.#text.flush(), this.#parts.flush()])
    const ending = answerEnding(outcome, this.#abortion)
    return { ending, reply: await this.#tellEnd(ending) }
  }

  /** The text so far goes first: by the next text the backend takes the retry for over. */
  async #noteRetry({ attempt, message, inMs }: ModelRetry): Promise<void> {
    const { backend, logger } = this.options
    await this.#text.flush()
    if (this.signal.aborted) return
    const reply = await backend.noteModelRetry(this.messageId, {
      attempt,
      message,
      inMs: Math.min(Math.round(inMs), DAY),
    })
    if (reply.kind !== 'ok') {
      logger.debug({ event: 'chat.retry-untold', messageId: this.messageId }, describeFailure(reply))
    }
  }

  /** An answer whose end is not told would be given for ever: a failure without a name is not taken for an answer. */
  async #tellEnd(ending: AnswerEnding): Promise<Reply<null>> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.#tellEndOnce(ending)
      if (reply.kind !== 'failed' || attempt === END_ATTEMPTS) return reply
      await wait(backoffMs(attempt, retries))
    }
  }

  async #tellEndOnce(ending: AnswerEnding): Promise<Reply<null>> {
    const { backend } = this.options
    switch (ending.kind) {
      case 'completed':
        return await backend.complete(this.messageId, this.#usage)
      case 'failed':
        return await backend.fail(this.messageId, ending.cause, this.#usage)
      case 'interrupted':
        return await backend.interrupt(this.messageId, ending.cause, this.#usage)
      case 'closed':
        return { kind: 'ok', value: null }
      default:
        return ending satisfies never
    }
  }
}
