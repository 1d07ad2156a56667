import type { api } from '@rollcall/backend/api'
import type { FunctionReturnType } from 'convex/server'

/** A message of a chat as the backend shows it. */
export type ChatMessage = FunctionReturnType<typeof api.chat.listMessages>['page'][number]

/** Whether it is an answer that is still to come, or is being given. */
export function isUnderWay({ status }: ChatMessage): boolean {
  return status === 'queued' || status === 'claimed' || status === 'streaming'
}
