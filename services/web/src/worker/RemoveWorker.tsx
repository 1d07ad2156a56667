import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { useLocation } from 'wouter'
import { AskTwice } from '../components/AskTwice'
import { useFleetAddress } from '../fleet/list/useFleetView'
import type { WorkerView } from '../presence/WorkerView'

/** Takes a revoked worker off the page, with all that was kept of it; leads to the fleet. */
export function RemoveWorker({ worker }: { worker: WorkerView }) {
  const remove = useMutation(api.workerAccess.remove)
  const address = useFleetAddress()
  const [, navigate] = useLocation()
  return (
    <div className="flex">
      <AskTwice
        action="Remove"
        label={`Remove ${worker.name}`}
        confirm="Remove for good"
        warning="With its chats and its history."
        look="plain"
        align="start"
        onConfirm={async () => {
          // First, so that nothing on the page asks for a worker that is gone.
          navigate(address)
          await remove({ workerId: worker.id })
        }}
      />
    </div>
  )
}
