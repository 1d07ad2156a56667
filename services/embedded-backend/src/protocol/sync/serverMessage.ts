import type { JSONValue } from 'convex/values'

/** What the server says on the sync socket, but for transitions (`encodeTransition.ts`); timestamps are already encoded. */
export type ServerMessage =
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
