import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { AskTwice } from '../components/AskTwice'
import type { WorkerView } from '../presence/WorkerView'

/** The end of a worker's rights: for a token that was lost, or a worker that nobody needs any more. */
export function RevokeWorker({ worker }: { worker: WorkerView }) {
  const revoke = useMutation(api.workerAccess.revoke)
  return (
    <AskTwice
      action="Revoke"
      label={`Revoke ${worker.name}`}
      confirm="Revoke for good"
      warning={
        worker.status === 'online'
          ? 'Its process stops now, what it writes is kept as far as it got, and its token is worth nothing.'
          : 'Its token is worth nothing from then on.'
      }
      className="-mr-2.5"
      onConfirm={async () => {
        await revoke({ workerId: worker.id })
      }}
    />
  )
}
