import type { Infer } from 'convex/values'
import type { Doc } from '../_generated/dataModel'
import type { messageStatus } from './chatValidators'

export type MessageStatus = Infer<typeof messageStatus>

/**
 *  queued ──claim──▶ claimed ──first text──▶ streaming ──▶ completed | failed | interrupted (terminal)
 *    │                  └────────────────────────────────▶ completed | failed | interrupted
 *    └──stop, end of the chat──▶ interrupted | failed
 */
const transitions: Record<MessageStatus, readonly MessageStatus[]> = {
  queued: ['claimed', 'failed', 'interrupted'],
  claimed: ['streaming', 'completed', 'failed', 'interrupted'],
  streaming: ['streaming', 'completed', 'failed', 'interrupted'],
  completed: [],
  failed: [],
  interrupted: [],
}

export function mayBecome(message: Doc<'messages'>, next: MessageStatus): boolean {
  return transitions[message.status].includes(next)
}

export function isRunning({ status }: Doc<'messages'>): boolean {
  return status === 'claimed' || status === 'streaming'
}

/** The states in which an incarnation is working on an answer. */
export const runningStatuses = ['claimed', 'streaming'] as const
