import { TransitionError } from '../errors'
import type { Farewell, StopRequest } from './stopRequest'

/**
 *  starting → registering → awaitingApproval → connecting → ready ⇄ busy → shuttingDown → stopped (terminal)
 *                  │  ↑              (approved already)   ↑     │      │
 *                  │  │   └───────────────────────────────┘     │      │
 *                  │  └──────────── reconnecting ◀──────────────┴──────┘
 *                  └─ (shuttingDown is reachable from every state but stopped)
 */
export type WorkerState =
  | { name: 'starting' }
  /** Making sure that the backend knows this incarnation: by a beat if one is open, by `register` otherwise. */
  | { name: 'registering' }
  | { name: 'awaitingApproval'; epoch: number }
  /** Waiting for opencode to answer. */
  | { name: 'connecting'; epoch: number }
  | { name: 'ready'; epoch: number }
  | { name: 'busy'; epoch: number; prompts: number }
  | { name: 'reconnecting'; lost: Loss }
  | { name: 'shuttingDown'; request: StopRequest }
  | { name: 'stopped'; farewell: Farewell }

/** What a serving worker lost: its connection, its own or the backend's belief in its incarnation, or opencode. */
export type Loss = 'connection' | 'lease' | 'incarnation' | 'opencode'

export type WorkerStateName = WorkerState['name']

export const transitions = {
  starting: ['registering', 'shuttingDown'],
  registering: ['awaitingApproval', 'connecting', 'shuttingDown'],
  awaitingApproval: ['connecting', 'reconnecting', 'shuttingDown'],
  connecting: ['ready', 'reconnecting', 'shuttingDown'],
  ready: ['busy', 'reconnecting', 'shuttingDown'],
  busy: ['ready', 'busy', 'reconnecting', 'shuttingDown'],
  reconnecting: ['registering', 'shuttingDown'],
  shuttingDown: ['stopped'],
  stopped: [],
} as const satisfies Record<WorkerStateName, readonly WorkerStateName[]>

/** Throws `TransitionError` for an arrow that the table does not have. */
export function assertTransition(from: WorkerStateName, to: WorkerStateName): void {
  const allowed: readonly WorkerStateName[] = transitions[from]
  if (!allowed.includes(to)) throw new TransitionError(`a worker does not go from ${from} to ${to}`)
}
