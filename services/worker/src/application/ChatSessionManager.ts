import type { Logger } from 'pino'
import type { MessageId, PersonsReply, QueuedAnswer, SessionId } from '../infrastructure/convex/backendTypes'
import { describeFailure } from '../infrastructure/convex/reply'
import type { Opencode } from '../infrastructure/opencode/types'
import { ChatSession, type ChatBackend } from './ChatSession'
import { Latch } from './Latch'
import { RequestDesk, type DeskBackend } from './RequestDesk'
import { settledWithin } from '../settledWithin'

/**
 *  paused ⇄ serving ──disconnectAll──▶ closing (terminal)
 *  In `paused` running prompts go on, and no new one is claimed. The same while held, in whichever state.
 */
type Serving = { name: 'paused' } | { name: 'serving' } | { name: 'closing'; done: Promise<void> }

export interface ChatSessionManagerOptions {
  backend: ChatBackend & DeskBackend
  /** Called with the number of running prompts when it changes. */
  onActivity: (prompts: number) => void
  /** Stops opencode and everything it started, within this many milliseconds. */
  stopOpencode: (deadlineMs: number) => Promise<void>
  logger: Logger
}

/** Defaults for a drain that is given no budget; milliseconds. */
const SAVE_MS = 2_000
const STOP_MS = 5_000

/** A claim that was refused (the backend took this worker for offline, say) is made again after this; milliseconds. */
const CLAIM_AGAIN_MS = 1_000

/** Idle chats remembered beyond those that run; an older one only has its opencode session looked up again. */
const REMEMBERED = 100

/** The worker's chats: claims queued answers, runs several chats at once and the prompts of one chat one after another. */
export class ChatSessionManager {
  #state: Serving = { name: 'paused' }
  /** The opencode for prompts: set while `serving`, so that what was claimed just before it went is given to the next one. */
  readonly #serving = new Latch<Opencode>()
  #queued: readonly QueuedAnswer[] = []
  #stops: readonly MessageId[] = []
  readonly #chats = new Map<SessionId, ChatSession>()
  /** Chats with a claim or a prompt under way: nothing else of them is claimed meanwhile. */
  readonly #occupied = new Set<SessionId>()
  /** While held: whom to tell that nothing is under way. */
  #onIdle: (() => void) | undefined
  /** Answers that a subscription may still list although their claim is decided. */
  readonly #decided = new Set<MessageId>()

  readonly #desk: RequestDesk

  constructor(private readonly options: ChatSessionManagerOptions) {
    this.#desk = new RequestDesk(options)
  }

  get prompts(): number {
    return [...this.#chats.values()].filter((chat) => chat.isRunning).length
  }

  /** Answers that the backend last said wait for this worker. */
  get waiting(): number {
    return this.#queued.length
  }

  /** Takes work and does it with this opencode. */
  serve(opencode: Opencode): void {
    if (this.#state.name === 'closing') return
    this.#state = { name: 'serving' }
    this.#serving.set(opencode)
    this.#claim()
  }

  /** Takes no more work until `serve`. */
  pause(): void {
    this.#serving.clear()
    if (this.#state.name === 'serving') this.#state = { name: 'paused' }
  }

  /**
   * Claims nothing more until `release`; what is claimed goes on, with the opencode that serves. Calls `onIdle` when it is
   * over, at once if nothing is under way, unless the chats are closed first. Replaces an earlier `onIdle`.
   */
  hold(onIdle: () => void): void {
    this.#onIdle = onIdle
    this.#tellIdle()
  }

  /** Takes work again, if `serve` was called. */
  release(): void {
    this.#onIdle = undefined
    this.#claim()
  }

  /** What waits in the backend, oldest first: the newest word of the subscription. */
  offer(queued: readonly QueuedAnswer[]): void {
    this.#queued = queued
    const listed = new Set(queued.map(({ messageId }) => messageId))
    for (const messageId of this.#decided) if (!listed.has(messageId)) this.#decided.delete(messageId)
    this.#claim()
  }

  /**
   * Answers whose people want them to end: the newest word of the subscription, which may come before the reply to the claim
   * of such an answer. One that does not run here is none of ours.
   */
  stop(stops: readonly MessageId[]): void {
    this.#stops = stops
    for (const messageId of stops) for (const chat of this.#chats.values()) chat.stop(messageId)
  }

  /** What people replied to opencode: the newest word of the subscription. */
  handOn(replies: readonly PersonsReply[]): void {
    this.#desk.offer(replies)
  }

  /**
   * Closes all active chats: aborts running prompts, stores their text as interrupted, suspends the sessions, then stops
   * opencode and everything it started. Never rejects; what cannot be stored within `saveMs` is left to the backend, which
   * closes it with the worker's incarnation; `onSaved` is called then, before opencode is stopped. Every caller gets the
   * same promise.
   */
  disconnectAll({ saveMs = SAVE_MS, stopMs = STOP_MS, onSaved = () => {} } = {}): Promise<void> {
    if (this.#state.name === 'closing') return this.#state.done
    const done = this.#disconnect(saveMs, stopMs, onSaved)
    this.#state = { name: 'closing', done }
    return done
  }

  async #disconnect(saveMs: number, stopMs: number, onSaved: () => void): Promise<void> {
    const { logger, stopOpencode } = this.options
    const chats = [...this.#chats.values()]
    logger.info({ event: 'chats.closing', chats: chats.length, prompts: this.prompts }, 'closing chats')
    const isSaved = await settledWithin(Promise.all(chats.map((chat) => chat.disconnect())), saveMs)
    if (!isSaved)
      logger.warn({ event: 'chats.not-saved', saveMs }, 'the backend did not confirm all chats in time')
    onSaved()
    await stopOpencode(stopMs)
  }

  #claim(): void {
    if (this.#state.name !== 'serving' || this.#onIdle) return
    for (const { messageId, sessionId } of this.#queued) {
      if (this.#occupied.has(sessionId) || this.#decided.has(messageId)) continue
      this.#occupied.add(sessionId)
      void this.#take(messageId, sessionId)
    }
  }

  async #take(messageId: MessageId, sessionId: SessionId): Promise<void> {
    const { backend, logger, onActivity } = this.options
    const claim = await backend.claim(messageId)
    if (claim.kind !== 'ok') {
      logger.warn({ event: 'chat.claim-failed', messageId }, describeFailure(claim))
      this.#leave(sessionId)
      setTimeout(() => this.#claim(), CLAIM_AGAIN_MS).unref()
      return
    }
    this.#decided.add(messageId)
    if (claim.value.kind === 'claimed') {
      const chat = this.#chat(sessionId)
      const answering = chat.answer(messageId, claim.value, this.#serving)
      onActivity(this.prompts)
      if (this.#stops.includes(messageId)) chat.stop(messageId)
      if (this.#state.name === 'closing') void chat.disconnect()
      await answering
      onActivity(this.prompts)
    }
    this.#leave(sessionId)
    this.#claim()
  }

  #leave(sessionId: SessionId): void {
    this.#occupied.delete(sessionId)
    this.#tellIdle()
  }

  #tellIdle(): void {
    if (this.#occupied.size === 0 && this.#state.name !== 'closing') this.#onIdle?.()
  }

  #chat(sessionId: SessionId): ChatSession {
    const known = this.#chats.get(sessionId)
    if (known) return known
    const { backend, logger } = this.options
    for (const [id, { isRunning }] of this.#chats) {
      if (this.#chats.size < REMEMBERED) break
      if (!isRunning) this.#chats.delete(id)
    }
    const chat = new ChatSession(sessionId, { backend, desk: this.#desk, logger })
    this.#chats.set(sessionId, chat)
    return chat
  }
}
