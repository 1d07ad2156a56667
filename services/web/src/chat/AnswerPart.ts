import type { api } from '@rollcall/backend/api'
import type { FunctionReturnType } from 'convex/server'

/** What a worker did on the way to an answer besides its text, as the backend shows it. */
export type AnswerPart = FunctionReturnType<typeof api.chat.parts>[number]

export type ToolCall = Extract<AnswerPart['what'], { kind: 'tool' }>

export type Reasoning = Extract<AnswerPart['what'], { kind: 'reasoning' }>

/** Whether it is still being done. */
export function isAtWork({ what: { status } }: AnswerPart): boolean {
  return status === 'pending' || status === 'running'
}
