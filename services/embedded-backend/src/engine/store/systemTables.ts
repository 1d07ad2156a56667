import type { Value } from 'convex/values'
import type { IndexDefinitions } from './Store'

/** Tables of the engine itself; their names begin with an underscore, which no table of a schema may. */
export const SYSTEM_INDEXES: IndexDefinitions = new Map([
  [
    '_scheduled_functions',
    [
      { name: 'by_state', fields: ['state.kind', 'scheduledTime'] },
      { name: 'by_completed', fields: ['completedTime'] },
    ],
  ],
  ['_requests', [{ name: 'by_request', fields: ['sessionId', 'requestId'] }]],
  ['_environment', [{ name: 'by_name', fields: ['name'] }]],
  ['_crons', [{ name: 'by_name', fields: ['name'] }]],
])

/** A scheduled function, as `ctx.db.system` shows it. Written by functions and the scheduler, deleted by the scheduler. */
export interface ScheduledRow {
  _id: string
  _creationTime: number
  name: string
  args: Value[]
  /** Ms since 1970. */
  scheduledTime: number
  completedTime?: number
  state:
    | { kind: 'pending' }
    | { kind: 'inProgress' }
    | { kind: 'success' }
    | { kind: 'failed'; error: string }
    | { kind: 'canceled' }
}

/** What a client's mutation answered, so that a request sent again is not run again. Written with the mutation's own commit. */
export interface RequestRow {
  sessionId: string
  requestId: number
  /** The function's value as JSON text. */
  value: string
  logLines: string[]
  ts: bigint
}

/** When a cron job runs next; `schedule` tells whether it was changed since. */
export interface CronRow {
  name: string
  schedule: string
  /** Ms since 1970. */
  nextRun: number
}

export interface EnvironmentRow {
  name: string
  value: string
}
