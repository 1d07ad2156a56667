import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { useState } from 'react'
import { AskTwice } from '../components/AskTwice'
import { RadioChoice } from '../components/RadioChoice'
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
      {running > 0 && (
        <RadioChoice
          label="When"
          options={[
            ['idle', whenDone(running)],
            ['now', 'now'],
          ]}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
    </AskTwice>
  )
}
