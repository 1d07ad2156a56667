import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import type { MachineView } from '../presence/WorkerView'
import { rolloutWords } from './rolloutWords'

interface Props {
  machine: MachineView
  rollout: NonNullable<MachineView['rollout']>
}

/** How far an order to all workers is, one by one; it can be ended before the next one is told. */
export function RolloutLine({ machine, rollout }: Props) {
  const end = useMutation(api.workerCommands.endMachineOrder)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await end({ machineId: machine.id })
  })
  const isHalted = rollout.state === 'halted'
  const name = machine.workers.find(({ id }) => id === rollout.workerId)?.name ?? 'a worker that was removed'
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <p role="status" className={`min-w-0 wrap-anywhere ${isHalted ? 'text-red' : 'text-amber'}`}>
        {rolloutWords(rollout, name)}
      </p>
      <Button onClick={() => run()} isBusy={isRunning} whyNot={whyNot}>
        {isHalted ? 'Dismiss' : 'Tell no more'}
      </Button>
      <Problem text={problem} />
    </div>
  )
}
