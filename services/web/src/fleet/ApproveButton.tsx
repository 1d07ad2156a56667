import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'

/** Lets a worker that waits come online. */
export function ApproveButton({ workerId, name }: { workerId: Id<'workers'>; name: string }) {
  const approve = useMutation(api.workerAccess.approve)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await approve({ workerId })
  })
  return (
    <span className="relative flex items-center gap-2">
      <Problem text={problem} />
      <Button onClick={() => run()} isBusy={isRunning} whyNot={whyNot} aria-label={`Approve ${name}`}>
        Approve
      </Button>
    </span>
  )
}
