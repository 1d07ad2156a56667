import { errorCodes } from '@rollcall/backend/contract'
import type { Connection } from '../connection/ConnectionWatch'
import type { WorkerView } from '../presence/WorkerView'

/**
 * What becomes of a message that is sent now: answered `now`; answered `later`, by the worker's next run; or it is `not` to
 * be sent. `note` and `reason` are for people; the other kinds are the backend's words for `when`.
 */
export type Sending = { kind: 'now' } | { kind: 'later'; note: string } | { kind: 'not'; reason: string }

/** When a message is answered. */
export type When = Exclude<Sending['kind'], 'not'>

/** Whether and when a message to the worker is answered. The backend checks the same again. */
export function judgeSending(worker: WorkerView, connection: Connection): Sending {
  const { name, approval, status, phase, role } = worker
  if (role === 'viewer') return not('You may look at this worker, not work with it. Ask its owner.')
  if (connection.kind !== 'live') return not('Not connected. Your draft is kept here.')
  if (approval === 'pending') {
    return not(`${name} waits for approval. ${role === 'owner' ? 'Approve it first.' : 'Ask its owner.'}`)
  }
  if (approval === 'revoked') return not(errorCodes.WORKER_REVOKED)
  const isAway = status === 'offline' || phase === 'draining'
  return isAway ? { kind: 'later', note: `Will be answered when ${name} is back.` } : { kind: 'now' }
}

function not(reason: string): Sending {
  return { kind: 'not', reason }
}
