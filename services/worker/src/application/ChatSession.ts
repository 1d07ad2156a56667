import type { Logger } from 'pino'
import type { BackendGateway } from '../infrastructure/convex/BackendGateway'
import type { ClaimedAnswer, MessageId, SessionId } from '../infrastructure/convex/backendTypes'
import { describeFailure } from '../infrastructure/convex/reply'
import type { Opencode, PersonRequest, PromptOutcome } from '../infrastructure/opencode/types'
import { toError } from '../errors'
import { settledWithin } from '../settledWithin'
import type { Latch } from './Latch'
import type { RequestDesk } from './RequestDesk'
import { RunningAnswer, type AnswerBackend } from './RunningAnswer'

export type ChatBackend = AnswerBackend & Pick<BackendGateway, 'claim' | 'linkSession' | 'suspendSession'>

type Claim = Extract<ClaimedAnswer, { kind: 'claimed' }>

/** A connection that breaks is the first to tell of opencode's end; how much later (ms) `died` may say so. */
const DEATH_NOTICE_MS = 1_000
const DIED = 'opencode ended unexpectedly before it could answer.'

/** One chat on this worker: at most one prompt at a time, each answer written to its end. */
export class ChatSession {
  #running: { answer: RunningAnswer; done: Promise<void> } | undefined
  /** Settles when opencode has let go of the latest prompt, which the end of an answer does not wait for. */
  #released: Promise<unknown> = Promise.resolve()
  #opencodeSessionId: { id: string; of: Opencode } | undefined

  constructor(
    readonly id: SessionId,
    private readonly options: { backend: ChatBackend; desk: RequestDesk; logger: Logger },
  ) {}

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** Writes a claimed answer, once opencode serves. Never rejects. Must not be called while another one runs. */
  answer(messageId: MessageId, claimed: Claim, serving: Latch<Opencode>): Promise<void> {
    const answer = new RunningAnswer(messageId, this.options)
    const done = this.#run(answer, claimed, serving).finally(() => {
      this.#running = undefined
    })
    this.#running = { answer, done }
    return done
  }

  /** Ends this answer as its person wants it. Safe to repeat; nothing happens unless it is the one that runs. */
  stop(messageId: MessageId): void {
    const answer = this.#running?.answer
    if (answer?.messageId === messageId) answer.abort({ kind: 'stopped' })
  }

  /** Aborts what runs, keeps its text as interrupted, and lets go of the chat so that a later incarnation can resume it. */
  async disconnect(): Promise<void> {
    const { backend, logger } = this.options
    const running = this.#running
    if (running) {
      running.answer.abort({ kind: 'shutdown' })
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

  async #run(answer: RunningAnswer, claimed: Claim, serving: Latch<Opencode>): Promise<void> {
    const { logger } = this.options
    const { messageId } = answer
    logger.info({ event: 'chat.answering', sessionId: this.id, messageId }, 'answering')
    const outcome = await this.#prompt(answer, claimed, serving)
    const { ending, reply } = await answer.end(outcome)
    if (reply.kind !== 'ok') {
      logger.warn({ event: 'chat.end-failed', messageId, ending: ending.kind }, describeFailure(reply))
      return
    }
    logger.info({ event: 'chat.answered', sessionId: this.id, messageId, ending }, `answer ${ending.kind}`)
  }

  /** The prompt's outcome; on an abort it is not waited for, since all text that counts has come before. */
  async #prompt(
    { messageId, signal, listener }: RunningAnswer,
    claimed: Claim,
    serving: Latch<Opencode>,
  ): Promise<PromptOutcome> {
    const aborted = new Promise<PromptOutcome>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'aborted' }), { once: true })
    })
    const released = this.#released
    const prompting = async (): Promise<PromptOutcome> => {
      await released
      const opencode = await serving.wait(signal)
      if (opencode === undefined) return { kind: 'aborted' }
      try {
        const sessionId = await this.#opencodeSession(messageId, claimed, opencode)
        signal.throwIfAborted()
        const { prompt: text, model, policy } = claimed
        const onRequest = (request: PersonRequest) =>
          void this.options.desk.raise(messageId, request, opencode)
        return await opencode.prompt({ sessionId, model, policy, text, signal, onRequest, ...listener })
      } catch (thrown: unknown) {
        if (signal.aborted) return { kind: 'aborted' }
        if (await settledWithin(opencode.died, DEATH_NOTICE_MS)) return { kind: 'interrupted', cause: DIED }
        return { kind: 'failed', cause: toError(thrown).message }
      }
    }
    const prompted = prompting()
    this.#released = prompted
    return await Promise.race([prompted, aborted])
  }

  /** The opencode session that the chat continues, if opencode still has it; else a new one, linked to the chat. */
  async #opencodeSession(
    messageId: MessageId,
    { opencodeSessionId, title }: Claim,
    opencode: Opencode,
  ): Promise<string> {
    if (this.#opencodeSessionId?.of === opencode) return this.#opencodeSessionId.id
    const isKnown = opencodeSessionId !== undefined && (await opencode.sessionExists(opencodeSessionId))
    const id = isKnown ? opencodeSessionId : (await opencode.createSession({ title })).id
    if (!isKnown) {
      const linked = await this.options.backend.linkSession(messageId, id)
      if (linked.kind !== 'ok') {
        this.options.logger.warn({ event: 'chat.link-failed', sessionId: this.id }, describeFailure(linked))
      }
    }
    this.#opencodeSessionId = { id, of: opencode }
    return id
  }
}
