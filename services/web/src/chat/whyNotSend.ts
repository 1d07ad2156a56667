import { errorCodes } from '@rollcall/backend/contract'
import type { Connection } from '../connection/ConnectionWatch'
import type { WorkerView } from '../presence/WorkerView'

/** Why a message cannot be sent now, in words; undefined if it can. The backend checks the same again. */
export function whyNotSend(worker: WorkerView, connection: Connection): string | undefined {
  const { name, approval, status, phase, role } = worker
  if (role === 'viewer') return 'You may look at this worker, not work with it. Ask its owner.'
  if (connection.kind !== 'live') return 'Not connected. Your draft is kept here.'
  if (approval === 'pending') {
    return `${name} waits for approval. ${role === 'owner' ? 'Approve it first.' : 'Ask its owner.'}`
  }
  if (approval === 'revoked') return errorCodes.WORKER_REVOKED
  if (status === 'offline') return `${name} is offline. Start it, then send; your draft is kept here.`
  if (phase === 'draining') return `${name} is shutting down and takes no new work. Your draft is kept here.`
  return undefined
}
