import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import type { WorkerView } from '../presence/WorkerView'

/** Lets a worker that waits come online; there only for a worker that waits, and for its owner. */
export function ApproveButton({ worker: { id, name, approval, role } }: { worker: WorkerView }) {
  const approve = useMutation(api.workerAccess.approve)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await approve({ workerId: id })
  })
  if (approval !== 'pending' || role !== 'owner') return null
  return (
    <span className="relative flex items-center gap-2">
      <Problem text={problem} />
      <Button onClick={() => run()} isBusy={isRunning} whyNot={whyNot} aria-label={`Approve ${name}`}>
        Approve
      </Button>
    </span>
  )
}
