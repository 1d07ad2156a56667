import type { Logger } from 'pino'
import type { Caller, Peer } from '../../engine/types'
import { nobody, type Authenticator } from '../auth/Authenticator'
import { callerOf } from '../auth/callerOf'
import { soleArgument, type Calls, type ClientCall } from '../Calls'
import type { ClientMessage, ClientMessageOf } from './clientMessage'
import { ExpiryTimer } from './ExpiryTimer'
import { actionResponse, mutationResponse } from './functionResponse'
import { encodeTransition } from './encodeTransition'
import type { LiveQueries } from './LiveQueries'
import { MutationQueue, type QueuedMutation } from './MutationQueue'
import type { SyncSocket } from './SyncSocket'
import { decodeTimestamp } from './timestamp'
import { verify } from './verify'

/**
 *  awaitingConnect ──Connect──▶ connected ──▶ closed (terminal)
 *          └───────────────────────────────────▲
 */
type SessionState =
  | { name: 'awaitingConnect' }
  /** `clockSkew`: how many milliseconds the client's clock is ahead of ours. */
  | { name: 'connected'; sessionId: string; clockSkew: number | undefined }
  | { name: 'closed' }

/** Above this many unanswered messages the socket is not read any further. */
const MAX_QUEUED_MESSAGES = 100

const CLOSE_NORMAL = 1000
const CLOSE_PROTOCOL_ERROR = 1002
const CLOSE_INTERNAL_ERROR = 1011

export interface SyncSessionParts {
  socket: SyncSocket
  queries: LiveQueries
  calls: Calls
  authenticator: Authenticator
  logger: Logger
  peer: Peer
}

/**
 * One connection of one client. Its messages are handled in the order they came; mutations run one after the other, actions
 * side by side. What a mutation of this client did is never shown to it before the mutation's own response.
 */
export class SyncSession {
  private state: SessionState = { name: 'awaitingConnect' }
  private caller: Caller
  private readonly inbox: ClientMessage[] = []
  private readonly mutations = new MutationQueue(
    (mutation) => this.runMutation(mutation),
    () => this.resumeReading(),
  )
  private handling = false
  private transitioning = false
  private readonly expiry = new ExpiryTimer(() => this.expire())

  constructor(private readonly parts: SyncSessionParts) {
    this.caller = callerOf(parts.peer, nobody)
    parts.queries.onTouched = () => this.scheduleTransition()
  }

  receive(message: ClientMessage): void {
    if (this.isClosed()) return
    this.inbox.push(message)
    if (this.inbox.length + this.mutations.length > MAX_QUEUED_MESSAGES) this.parts.socket.pause()
    if (!this.handling) this.handleInbox().catch(this.onFault)
  }

  /** For a frame that is no message: the client is told for good, it would only say the same again. */
  refuse(error: string): void {
    if (this.isClosed()) return
    void this.parts.socket.send({ type: 'FatalError', error })
    this.close(CLOSE_PROTOCOL_ERROR, 'BadMessage')
  }

  onReload(): void {
    this.parts.queries.rerunAll()
    this.scheduleTransition()
  }

  close(code: number, reason: string): void {
    this.closed()
    this.parts.socket.close(code, reason)
  }

  /** The socket is gone, whoever closed it. */
  closed(): void {
    this.state = { name: 'closed' }
    this.expiry.stop()
    this.inbox.length = 0
    this.mutations.clear()
    this.parts.queries.close()
  }

  private isClosed(): boolean {
    return this.state.name === 'closed'
  }

  private async handleInbox(): Promise<void> {
    this.handling = true
    for (let message = this.inbox.shift(); message; message = this.inbox.shift()) {
      await this.handle(message)
      this.resumeReading()
    }
    this.handling = false
  }

  private async handle(message: ClientMessage): Promise<void> {
    if (message.type === 'Connect') {
      this.connect(message)
      return
    }
    if (this.state.name !== 'connected') {
      this.refuse('The first message must be Connect')
      return
    }
    switch (message.type) {
      case 'Authenticate':
        await this.authenticate(message)
        break
      case 'ModifyQuerySet':
        this.modifyQuerySet(message)
        break
      case 'Mutation':
        this.mutations.push({ message, caller: this.caller, sessionId: this.state.sessionId })
        break
      case 'Action':
        void this.runAction(message, this.caller)
        break
      case 'Event':
        break
    }
  }

  private connect(message: ClientMessageOf<'Connect'>): void {
    if (this.state.name !== 'awaitingConnect') {
      this.refuse('Connect must be sent once')
      return
    }
    const { sessionId, clientTs, maxObservedTimestamp } = message
    const clockSkew = clientTs === undefined ? undefined : clientTs - Date.now()
    this.state = { name: 'connected', sessionId, clockSkew }
    const observed = maxObservedTimestamp ? decodeTimestamp(maxObservedTimestamp) : undefined
    if (observed !== undefined) this.parts.queries.neverBefore(observed)
  }

  private async authenticate(message: ClientMessageOf<'Authenticate'>): Promise<void> {
    const { queries, socket } = this.parts
    if (message.baseVersion !== queries.received.identity) {
      this.close(CLOSE_PROTOCOL_ERROR, 'BaseVersionMismatch')
      return
    }
    const result = await verify(this.parts.authenticator, message)
    if (this.isClosed()) return
    if (result.kind === 'refused') {
      this.parts.logger.debug({ event: 'sync.authRefused', ...result.failure })
      const { baseVersion } = message
      const error = result.failure.message
      void socket.send({ type: 'AuthError', error, baseVersion, authUpdateAttempted: true })
      this.close(CLOSE_NORMAL, 'AuthError')
      return
    }
    this.caller = callerOf(this.parts.peer, result)
    this.expiry.set(result.expiresAt)
    queries.setIdentity(result.identity, message.baseVersion + 1)
    this.scheduleTransition()
  }

  private expire(): void {
    const baseVersion = this.parts.queries.received.identity - 1
    const error = 'The token has expired'
    void this.parts.socket.send({ type: 'AuthError', error, baseVersion, authUpdateAttempted: false })
    this.close(CLOSE_NORMAL, 'AuthExpired')
  }

  private modifyQuerySet(message: ClientMessageOf<'ModifyQuerySet'>): void {
    const { queries } = this.parts
    if (message.baseVersion !== queries.received.querySet) {
      this.close(CLOSE_PROTOCOL_ERROR, 'BaseVersionMismatch')
      return
    }
    for (const modification of message.modifications) {
      if (modification.type === 'Add') queries.add(modification)
      else queries.remove(modification.queryId)
    }
    queries.setQuerySetVersion(message.newVersion)
    this.scheduleTransition()
  }

  private async runMutation({ message, caller, sessionId }: QueuedMutation): Promise<void> {
    const { calls, socket, queries } = this.parts
    const { requestId } = message
    const dedupe = { sessionId, requestId }
    const { outcome, ts } = await calls.mutation({ ...toCall(message, caller), dedupe })
    void socket.send(mutationResponse(requestId, outcome, ts))
    if (outcome.kind === 'error') return
    queries.oweTransition()
    this.scheduleTransition()
  }

  private async runAction(message: ClientMessageOf<'Action'>, caller: Caller): Promise<void> {
    const outcome = await this.parts.calls.action(toCall(message, caller))
    void this.parts.socket.send(actionResponse(message.requestId, outcome))
  }

  /** At most one at a time; what changes meanwhile goes into the next one. */
  private scheduleTransition(): void {
    if (this.transitioning || this.isClosed()) return
    this.transitioning = true
    setImmediate(() => void this.runTransitions().catch(this.onFault))
  }

  private async runTransitions(): Promise<void> {
    const { queries, socket } = this.parts
    while (!this.isClosed() && queries.needsTransition) {
      const transition = await queries.nextTransition()
      // What a client has seen must not be taken back: it starts afresh instead.
      if (!(await this.parts.calls.isKept(transition.end.ts))) {
        this.close(CLOSE_INTERNAL_ERROR, 'NotStored')
        return
      }
      // A mutation that runs now may already be committed, and part of this transition: its response goes first.
      await this.mutations.current
      const skew = this.state.name === 'connected' ? this.state.clockSkew : undefined
      await socket.sendText(encodeTransition(transition, skew))
    }
    this.transitioning = false
  }

  /** A bug of ours: the client starts afresh with a new connection. */
  private readonly onFault = (fault: unknown): void => {
    this.parts.logger.error({ event: 'sync.fault', err: fault })
    this.close(CLOSE_INTERNAL_ERROR, 'InternalServerError')
  }

  private resumeReading(): void {
    if (this.inbox.length + this.mutations.length <= MAX_QUEUED_MESSAGES / 2) this.parts.socket.resume()
  }
}

function toCall(message: ClientMessageOf<'Mutation' | 'Action'>, caller: Caller): ClientCall {
  const { udfPath: path, args, componentPath } = message
  return { path, args: soleArgument(args), ...caller, componentPath }
}
