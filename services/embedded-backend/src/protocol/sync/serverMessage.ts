import type { JSONValue } from 'convex/values'

/** What the server says on the sync socket; timestamps are already encoded. */
export type ServerMessage =
  | {
      type: 'Transition'
      startVersion: WireVersion
      endVersion: WireVersion
      modifications: StateModification[]
      clientClockSkew?: number
      serverTs: number
    }
  | {
      type: 'MutationResponse'
      requestId: number
      success: true
      result: JSONValue
      ts: string
      logLines: string[]
    }
  | { type: 'ActionResponse'; requestId: number; success: true; result: JSONValue; logLines: string[] }
  | {
      type: 'MutationResponse' | 'ActionResponse'
      requestId: number
      success: false
      result: string
      errorData?: JSONValue
      logLines: string[]
    }
  | { type: 'AuthError'; error: string; baseVersion: number; authUpdateAttempted: boolean }
  | { type: 'FatalError'; error: string }
  | { type: 'Ping' }

export interface WireVersion {
  querySet: number
  ts: string
  identity: number
}

export type StateModification =
  | { type: 'QueryUpdated'; queryId: number; value: JSONValue; logLines: string[]; journal: string | null }
  | {
      type: 'QueryFailed'
      queryId: number
      errorMessage: string
      errorData?: JSONValue
      logLines: string[]
      journal: string | null
    }
  | { type: 'QueryRemoved'; queryId: number }
