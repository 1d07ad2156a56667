import { api } from '@rollcall/backend/api'
import type { StopCause } from '@rollcall/backend/contract'
import { ConvexClient } from 'convex/browser'
import type { FunctionArgs, FunctionReference, FunctionReturnType } from 'convex/server'
import type { Logger } from 'pino'
import { settledWithin } from '../../settledWithin'
import type {
  Beat,
  ClaimedAnswer,
  Described,
  GatewayListener,
  MessageId,
  OfflineEvidence,
  PartUpdates,
  PersonsReply,
  Registered,
  SessionId,
  Usage,
} from './backendTypes'
import { callFunction } from './callFunction'
import { failureOf, replyOf, type Reply } from './reply'

/** How long the other side may take to confirm the end of the WebSocket; milliseconds. */
const CLOSE_MS = 500

interface Following {
  epoch: number
  stop: () => void
}

/**
 * The worker's only way to the backend. Signs of life, registration and the goodbye go over HTTP, each once; chats and
 * subscriptions over one WebSocket, which reconnects by itself and keeps the order of mutations.
 */
export class BackendGateway {
  #client: ConvexClient | undefined
  #following: Following | undefined
  #epoch = 0
  /** While true, the epoch that calls carry may have been succeeded by our own registration. */
  #isRegistering = false

  constructor(
    private readonly options: {
      url: string
      workerId: string
      secret: string
      listener: GatewayListener
      logger: Logger
    },
  ) {}

  get isConnected(): boolean {
    return this.#client?.connectionState().isWebSocketConnected ?? false
  }

  /** Opens an incarnation; later calls speak for it. */
  async register(described: Described, signal: AbortSignal): Promise<Reply<Registered>> {
    const { workerId, secret } = this.options
    this.#isRegistering = true
    const reply = await this.#once(api.workers.register, { workerId, secret, ...described }, signal)
    this.#isRegistering = false
    if (reply.kind !== 'ok') return reply
    const { value } = reply
    // Not thrown by the backend: it counts them.
    if (value.kind === 'refused') return { kind: 'refused', refusal: value }
    this.#epoch = value.epoch
    return { kind: 'ok', value }
  }

  heartbeat(seq: number, signal: AbortSignal): Promise<Reply<Beat>> {
    return this.#once(api.workers.heartbeat, { seq, credentials: this.#credentials() }, signal)
  }

  /** `deadlineMs` from now. */
  beginDraining(cause: StopCause, deadlineMs: number, signal: AbortSignal): Promise<Reply<null>> {
    return this.#once(
      api.workers.beginDraining,
      { cause, deadlineMs, credentials: this.#credentials() },
      signal,
    )
  }

  goOffline(
    reason: 'shutdown' | 'crashed',
    evidence: OfflineEvidence,
    signal: AbortSignal,
  ): Promise<Reply<null>> {
    return this.#once(api.workers.goOffline, { reason, evidence, credentials: this.#credentials() }, signal)
  }

  ready(opencodeVersion: string): Promise<Reply<null>> {
    return this.#mutate(api.workers.ready, { opencodeVersion, credentials: this.#credentials() })
  }

  publishModels(models: { id: string; name: string }[]): Promise<Reply<null>> {
    return this.#mutate(api.workers.publishModels, { models, credentials: this.#credentials() })
  }

  claim(messageId: MessageId): Promise<Reply<ClaimedAnswer>> {
    return this.#mutate(api.answers.claim, { messageId, credentials: this.#credentials() })
  }

  linkSession(messageId: MessageId, opencodeSessionId: string): Promise<Reply<null>> {
    return this.#mutate(api.answers.linkSession, {
      messageId,
      opencodeSessionId,
      credentials: this.#credentials(),
    })
  }

  append(messageId: MessageId, index: number, text: string): Promise<Reply<null>> {
    return this.#mutate(api.answers.append, { messageId, index, text, credentials: this.#credentials() })
  }

  putParts(messageId: MessageId, parts: PartUpdates): Promise<Reply<null>> {
    return this.#mutate(api.answers.putParts, { messageId, parts, credentials: this.#credentials() })
  }

  /** `inMs` from now. */
  noteModelRetry(
    messageId: MessageId,
    retry: { attempt: number; message: string; inMs: number },
  ): Promise<Reply<null>> {
    return this.#mutate(api.answers.noteModelRetry, { messageId, ...retry, credentials: this.#credentials() })
  }

  raiseRequest(
    messageId: MessageId,
    key: string,
    what: FunctionArgs<typeof api.requests.raise>['what'],
  ): Promise<Reply<null>> {
    return this.#mutate(api.requests.raise, { messageId, key, what, credentials: this.#credentials() })
  }

  settleRequest(requestId: PersonsReply['id']): Promise<Reply<null>> {
    return this.#mutate(api.requests.settle, { requestId, credentials: this.#credentials() })
  }

  complete(messageId: MessageId, usage?: Usage): Promise<Reply<null>> {
    return this.#mutate(api.answers.complete, { messageId, usage, credentials: this.#credentials() })
  }

  fail(messageId: MessageId, cause: string, usage?: Usage): Promise<Reply<null>> {
    return this.#mutate(api.answers.fail, { messageId, cause, usage, credentials: this.#credentials() })
  }

  interrupt(messageId: MessageId, cause: string, usage?: Usage): Promise<Reply<null>> {
    return this.#mutate(api.answers.interrupt, { messageId, cause, usage, credentials: this.#credentials() })
  }

  suspendSession(sessionId: SessionId): Promise<Reply<{ kind: 'suspended' | 'unchanged' }>> {
    return this.#mutate(api.answers.suspendSession, { sessionId, credentials: this.#credentials() })
  }

  /** Follows what concerns the registered incarnation, instead of an earlier one. Opens the WebSocket the first time. */
  follow(): void {
    if (this.#following?.epoch === this.#epoch) return
    this.#following?.stop()
    const client = this.#open()
    const { listener } = this.options
    const args = { credentials: this.#credentials() }
    const epoch = this.#epoch
    const onError = (error: Error) => {
      const failure = this.#noticing(failureOf(error), epoch)
      if (failure.kind !== 'refused') {
        this.options.logger.error({ event: 'backend.subscription-failed', failure }, 'a subscription failed')
      }
    }
    const subscriptions = [
      client.onUpdate(api.workers.self, args, listener.onSelf, onError),
      client.onUpdate(api.answers.queued, args, listener.onQueued, onError),
      client.onUpdate(api.answers.stops, args, listener.onStops, onError),
      client.onUpdate(api.requests.replies, args, listener.onReplies, onError),
    ]
    this.#following = {
      epoch: this.#epoch,
      stop: () => {
        for (const unsubscribe of subscriptions) unsubscribe()
      },
    }
  }

  /**
   * Closes the WebSocket; what is still waiting for an answer on it never gets one. Over a half-open connection the other
   * side's word for it never comes, and is not waited for: the end of the process closes it as well.
   */
  async close(): Promise<void> {
    if (this.#client) await settledWithin(this.#client.close(), CLOSE_MS)
  }

  #credentials(): { workerId: string; secret: string; epoch: number } {
    const { workerId, secret } = this.options
    return { workerId, secret, epoch: this.#epoch }
  }

  async #once<M extends FunctionReference<'mutation'>>(
    mutation: M,
    args: FunctionArgs<M>,
    signal: AbortSignal,
  ): Promise<Reply<FunctionReturnType<M>>> {
    const { url } = this.options
    const epoch = this.#epoch
    return this.#noticing(await callFunction({ url }, 'mutation', mutation, args, signal), epoch)
  }

  async #mutate<M extends FunctionReference<'mutation'>>(
    mutation: M,
    args: FunctionArgs<M>,
  ): Promise<Reply<FunctionReturnType<M>>> {
    const client = this.#open()
    const epoch = this.#epoch
    return this.#noticing(await replyOf(() => client.mutation(mutation, args)), epoch)
  }

  /** Tells the listener of a refusal, unless it answers an epoch that this very process has succeeded by another. */
  #noticing<R extends Reply<unknown>>(reply: R, epoch: number): R {
    const isCurrent = epoch === this.#epoch && !this.#isRegistering
    if (reply.kind === 'refused' && isCurrent) this.options.listener.onRefusal(reply.refusal)
    return reply
  }

  #open(): ConvexClient {
    if (this.#client) return this.#client
    const { url, logger, listener } = this.options
    const debug = (...parts: unknown[]) =>
      logger.debug({ event: 'backend.client' }, parts.map(String).join(' '))
    const client = new ConvexClient(url, {
      logger: { logVerbose: debug, log: debug, warn: debug, error: debug },
    })
    let wasConnected = false
    client.subscribeToConnectionState(({ isWebSocketConnected }) => {
      if (isWebSocketConnected === wasConnected) return
      wasConnected = isWebSocketConnected
      listener.onConnection(isWebSocketConnected)
    })
    this.#client = client
    return client
  }
}
