import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { useId, useState } from 'react'
import { AskTwice } from '../components/AskTwice'
import type { WorkerView } from '../presence/WorkerView'
import { orderName, warningFor, whenDone, type Order } from './orderWords'

interface Props {
  worker: WorkerView
  kind: Order['kind']
}

/** Stops or restarts an online worker from afar: at once, or after the answers that it is giving, whose number is in view. */
export function OrderButton({ worker: { id, name, runningPrompts: running }, kind }: Props) {
  const order = useMutation(api.workerCommands.order)
  const [chosen, setChosen] = useState<Order['when']>('idle')
  const command = { kind, when: running === 0 ? 'now' : chosen } as const
  const { action, confirm } = orderName(command)
  return (
    <AskTwice
      action={action}
      label={`${action} ${name}`}
      confirm={confirm}
      warning={warningFor(command, running)}
      look="plain"
      align="start"
      onConfirm={async () => {
        await order({ workerId: id, command })
      }}
    >
      {running > 0 && <WhenChoice running={running} chosen={chosen} onChoose={setChosen} />}
    </AskTwice>
  )
}

interface WhenProps {
  running: number
  chosen: Order['when']
  onChoose: (when: Order['when']) => void
}

function WhenChoice({ running, chosen, onChoose }: WhenProps) {
  const id = useId()
  return (
    <span role="radiogroup" aria-label="When" className="flex flex-wrap gap-x-4 gap-y-1 text-small">
      {(['idle', 'now'] as const).map((when) => (
        <label key={when} className="flex items-center gap-1.5">
          <input type="radio" name={id} checked={when === chosen} onChange={() => onChoose(when)} />
          {when === 'idle' ? whenDone(running) : 'now'}
        </label>
      ))}
    </span>
  )
}
