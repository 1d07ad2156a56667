import type { Id } from '@rollcall/backend/dataModel'
import type { Credentials } from './Following'
import { giveAnswer } from './giveAnswer'
import type { PublicCalls } from '../backend/PublicCalls'

const SHUT_DOWN = 'The worker was shut down while it was answering.'
const STOPPED = 'Stopped.'

/** The answers that one run of a worker gives, side by side. */
export class AnswerDesk {
  private readonly running = new Map<Id<'messages'>, { end: AbortController; given: Promise<void> }>()
  private isOpen = true

  /** `paceMs`: from one piece of an answer to the next. */
  constructor(
    private readonly calls: PublicCalls,
    private readonly credentials: Credentials,
    private readonly paceMs: number,
  ) {}

  get isBusy(): boolean {
    return this.running.size > 0
  }

  /** Gives the answers that it does not give yet. One that cannot be given is left as it is. */
  take(messages: readonly { messageId: Id<'messages'> }[]): void {
    const { calls, credentials, paceMs, running } = this
    for (const { messageId } of messages) {
      if (!this.isOpen || running.has(messageId)) continue
      const end = new AbortController()
      const given = giveAnswer({ calls, credentials, messageId, paceMs, end: end.signal })
        .catch(() => undefined)
        .finally(() => running.delete(messageId))
      running.set(messageId, { end, given })
    }
  }

  /** Their people want these to end. */
  stop(messages: readonly Id<'messages'>[]): void {
    for (const messageId of messages) this.running.get(messageId)?.end.abort(new Error(STOPPED))
  }

  /** Interrupts them all, and gives no more. Resolves when that is told; rejects never. Idempotent. */
  async close(): Promise<void> {
    this.isOpen = false
    for (const { end } of this.running.values()) end.abort(new Error(SHUT_DOWN))
    await Promise.all([...this.running.values()].map(({ given }) => given))
  }
}
