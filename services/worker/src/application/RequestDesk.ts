import type { Logger } from 'pino'
import type { BackendGateway } from '../infrastructure/convex/BackendGateway'
import type { MessageId, PersonsReply } from '../infrastructure/convex/backendTypes'
import { describeFailure } from '../infrastructure/convex/reply'
import type { Opencode, PersonRequest } from '../infrastructure/opencode/types'

export type DeskBackend = Pick<BackendGateway, 'raiseRequest' | 'settleRequest'>

/** A request that the backend has no name for why it was not taken is put again after this; milliseconds. */
const RAISE_AGAIN_MS = 1_000
const ATTEMPTS = 3

/**
 * Between opencode, which asks in the middle of an answer, and the person of the chat, who replies through the backend. The
 * backend replies by itself when nobody does in time.
 */
export class RequestDesk {
  /** Who has asked what waits for a reply. */
  readonly #asking = new Map<string, Opencode>()

  constructor(private readonly options: { backend: DeskBackend; logger: Logger }) {}

  /** Puts what opencode asks before the person; refuses it where that is impossible. Never rejects. */
  async raise(messageId: MessageId, { key, what }: PersonRequest, opencode: Opencode): Promise<void> {
    const { backend, logger } = this.options
    this.#asking.set(key, opencode)
    for (let attempt = 1; ; attempt += 1) {
      const reply = await backend.raiseRequest(messageId, key, what)
      if (reply.kind === 'ok') {
        logger.info({ event: 'chat.request-raised', messageId, key }, 'opencode asks the person of the chat')
        return
      }
      if (reply.kind === 'refused' || attempt === ATTEMPTS) {
        logger.warn({ event: 'chat.request-failed', messageId, key }, describeFailure(reply))
        this.#asking.delete(key)
        await opencode.reply(key, { kind: 'reject' })
        return
      }
      await new Promise((resolve) => setTimeout(resolve, RAISE_AGAIN_MS))
    }
  }

  /** The newest word of the subscription: hands on what was not handed on yet. */
  offer(replies: readonly PersonsReply[]): void {
    for (const { id, key, reply } of replies) {
      const opencode = this.#asking.get(key)
      this.#asking.delete(key)
      void this.#handOn(id, key, reply, opencode)
    }
  }

  async #handOn(
    id: PersonsReply['id'],
    key: string,
    reply: PersonsReply['reply'],
    opencode: Opencode | undefined,
  ): Promise<void> {
    const { backend, logger } = this.options
    await opencode?.reply(key, reply)
    const settled = await backend.settleRequest(id)
    if (settled.kind !== 'ok') logger.warn({ event: 'chat.settle-failed', key }, describeFailure(settled))
  }
}
