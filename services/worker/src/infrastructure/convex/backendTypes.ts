import type { api } from '@rollcall/backend/api'
import type { ErrorPayload } from '@rollcall/backend/contract'
import type { FunctionArgs, FunctionReturnType } from 'convex/server'

export type Registered = Extract<FunctionReturnType<typeof api.workers.register>, { kind: 'registered' }>
export type Beat = FunctionReturnType<typeof api.workers.heartbeat>
export type Self = FunctionReturnType<typeof api.workers.self>
/** What a person tells the worker to do, from afar. */
export type Command = NonNullable<Self['command']>
export type QueuedAnswer = FunctionReturnType<typeof api.answers.queued>[number]
export type ClaimedAnswer = FunctionReturnType<typeof api.answers.claim>
export type MessageId = QueuedAnswer['messageId']
export type SessionId = QueuedAnswer['sessionId']
export type PartUpdates = FunctionArgs<typeof api.answers.putParts>['parts']
export type Usage = FunctionArgs<typeof api.answers.complete>['usage']
export type PersonsReply = FunctionReturnType<typeof api.requests.replies>[number]
export type OfflineEvidence = FunctionArgs<typeof api.workers.goOffline>['evidence']

/** How this process describes itself when it registers. `key` tells a repeated `register` from a new incarnation. */
export type Described = Omit<FunctionArgs<typeof api.workers.register>, 'workerId' | 'secret'>

export interface GatewayListener {
  /** A call or subscription was refused; the code may concern the whole process (`SUPERSEDED` …). */
  onRefusal: (refusal: ErrorPayload) => void
  /** The WebSocket opened or was lost. */
  onConnection: (isConnected: boolean) => void
  onSelf: (self: Self) => void
  onQueued: (queued: QueuedAnswer[]) => void
  /** The answers that this worker gives and that their people want to end. */
  onStops: (stops: MessageId[]) => void
  /** Replies to what opencode has asked in the middle of answers. */
  onReplies: (replies: PersonsReply[]) => void
}
