import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import type { WorkerView } from '../presence/WorkerView'
import { waitingWords } from './orderWords'

interface Props {
  worker: WorkerView
  command: NonNullable<WorkerView['command']>
}

/** What the worker was told and has not begun to do; its owner can take it back. */
export function WaitingOrder({ worker: { id, name, role, runningPrompts }, command }: Props) {
  const withdraw = useMutation(api.workerCommands.withdraw)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await withdraw({ workerId: id })
  })
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <p role="status" className="min-w-0 text-amber wrap-anywhere">
        {waitingWords(command, runningPrompts)}
      </p>
      {role === 'owner' && (
        <Button
          onClick={() => run()}
          isBusy={isRunning}
          whyNot={whyNot}
          aria-label={`Withdraw what ${name} was told`}
        >
          Withdraw
        </Button>
      )}
      <Problem text={problem} />
    </div>
  )
}
