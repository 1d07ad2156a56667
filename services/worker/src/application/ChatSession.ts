import type { Logger } from 'pino'
import type {
  BackendGateway,
  ClaimedAnswer,
  MessageId,
  SessionId,
} from '../infrastructure/convex/BackendGateway'
import { describeFailure } from '../infrastructure/convex/reply'
import type { Opencode, PromptOutcome } from '../infrastructure/opencode/types'
import { toError } from '../errors'
import { AnswerWriter } from './AnswerWriter'

export type ChatBackend = Pick<
  BackendGateway,
  'claim' | 'linkSession' | 'append' | 'complete' | 'fail' | 'interrupt' | 'suspendSession'
>

/** Why a running prompt was ended from this side. */
type Abortion =
  /** The worker is shutting down; the text so far is kept. */
  | { kind: 'shutdown' }
  /** The answer is no longer ours to write. */
  | { kind: 'closed' }
  | { kind: 'failed'; cause: string }

interface Running {
  messageId: MessageId
  controller: AbortController
  abortion: Abortion | undefined
  writer: AnswerWriter
  /** Resolves when the answer is ended in the backend, or cannot be. */
  done: Promise<void>
}

const INTERRUPTED = 'The worker was shut down while it was answering.'

/** One chat on this worker: at most one prompt at a time, each answer written to its end. */
export class ChatSession {
  #running: Running | undefined
  #opencodeSessionId: { id: string; of: Opencode } | undefined

  constructor(
    readonly id: SessionId,
    private readonly options: { backend: ChatBackend; logger: Logger },
  ) {}

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** Writes a claimed answer. Never rejects. Must not be called while another one runs. */
  answer(
    messageId: MessageId,
    claimed: Extract<ClaimedAnswer, { kind: 'claimed' }>,
    opencode: Opencode,
  ): Promise<void> {
    const { backend } = this.options
    const controller = new AbortController()
    const running: Running = {
      messageId,
      controller,
      abortion: undefined,
      writer: new AnswerWriter({
        append: (index, text) => backend.append(messageId, index, text),
        onEnd: (end) => this.#abort(running, end),
      }),
      done: Promise.resolve(),
    }
    this.#running = running
    running.done = this.#run(running, claimed, opencode).finally(() => {
      this.#running = undefined
    })
    return running.done
  }

  /** Ends the running prompt as failed, for a cause outside of it. Resolves when the answer says so. */
  async fail(cause: string): Promise<void> {
    if (!this.#running) return
    this.#abort(this.#running, { kind: 'failed', cause })
    await this.#running.done
  }

  /** Aborts what runs, keeps its text as interrupted, and lets go of the chat so that a later incarnation can resume it. */
  async disconnect(): Promise<void> {
    const { backend, logger } = this.options
    const running = this.#running
    if (running) {
      this.#abort(running, { kind: 'shutdown' })
      await running.done
    }
    const reply = await backend.suspendSession(this.id)
    if (reply.kind === 'ok') {
      logger.info(
        { event: 'chat.closed', sessionId: this.id, interrupted: running !== undefined },
        'chat closed',
      )
    } else {
      logger.warn({ event: 'chat.close-failed', sessionId: this.id }, describeFailure(reply))
    }
  }

  #abort(running: Running, abortion: Abortion): void {
    running.abortion ??= abortion
    running.controller.abort()
  }

  async #run(
    running: Running,
    claimed: Extract<ClaimedAnswer, { kind: 'claimed' }>,
    opencode: Opencode,
  ): Promise<void> {
    const { logger } = this.options
    const { messageId } = running
    logger.info({ event: 'chat.answering', sessionId: this.id, messageId }, 'answering')
    const outcome = await this.#prompt(running, claimed, opencode)
    await running.writer.flush()
    const ending = endingOf(outcome, running.abortion)
    const reply = await this.#end(messageId, ending)
    if (reply && reply.kind !== 'ok') {
      logger.warn({ event: 'chat.end-failed', messageId, ending: ending.kind }, describeFailure(reply))
      return
    }
    logger.info({ event: 'chat.answered', sessionId: this.id, messageId, ending }, `answer ${ending.kind}`)
  }

  /** The prompt's outcome; on an abort it is not waited for, since all text that counts has come before. */
  async #prompt(
    running: Running,
    claimed: Extract<ClaimedAnswer, { kind: 'claimed' }>,
    opencode: Opencode,
  ): Promise<PromptOutcome> {
    const { signal } = running.controller
    const aborted = new Promise<PromptOutcome>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'aborted' }), { once: true })
    })
    const prompting = async (): Promise<PromptOutcome> => {
      try {
        const sessionId = await this.#opencodeSession(claimed, opencode)
        signal.throwIfAborted()
        return await opencode.prompt({
          sessionId,
          text: claimed.prompt,
          signal,
          onText: (delta) => running.writer.add(delta),
          ...(claimed.model !== undefined && { model: claimed.model }),
        })
      } catch (thrown: unknown) {
        return signal.aborted ? { kind: 'aborted' } : { kind: 'failed', cause: toError(thrown).message }
      }
    }
    return await Promise.race([prompting(), aborted])
  }

  /** The opencode session that the chat continues, if opencode still has it; else a new one, linked to the chat. */
  async #opencodeSession(
    { opencodeSessionId, title }: Extract<ClaimedAnswer, { kind: 'claimed' }>,
    opencode: Opencode,
  ): Promise<string> {
    if (this.#opencodeSessionId?.of === opencode) return this.#opencodeSessionId.id
    const isKnown = opencodeSessionId !== undefined && (await opencode.sessionExists(opencodeSessionId))
    const id = isKnown ? opencodeSessionId : (await opencode.createSession({ title })).id
    if (!isKnown) {
      const linked = await this.options.backend.linkSession(this.id, id)
      if (linked.kind !== 'ok') {
        this.options.logger.warn({ event: 'chat.link-failed', sessionId: this.id }, describeFailure(linked))
      }
    }
    this.#opencodeSessionId = { id, of: opencode }
    return id
  }

  async #end(messageId: MessageId, ending: Ending) {
    const { backend } = this.options
    switch (ending.kind) {
      case 'completed':
        return await backend.complete(messageId)
      case 'failed':
        return await backend.fail(messageId, ending.cause)
      case 'interrupted':
        return await backend.interrupt(messageId, INTERRUPTED)
      case 'closed':
        return undefined
      default:
        return ending satisfies never
    }
  }
}

type Ending = { kind: 'completed' | 'interrupted' | 'closed' } | { kind: 'failed'; cause: string }

/** What ended the prompt from this side wins over what opencode made of it. */
function endingOf(outcome: PromptOutcome, abortion: Abortion | undefined): Ending {
  switch (abortion?.kind) {
    case 'shutdown':
      return { kind: 'interrupted' }
    case 'closed':
    case 'failed':
      return abortion
    case undefined:
      return outcome.kind === 'aborted' ? { kind: 'failed', cause: 'opencode aborted this prompt.' } : outcome
    default:
      return abortion satisfies never
  }
}
