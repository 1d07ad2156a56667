import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import { useState } from 'react'
import { AskTwice } from '../components/AskTwice'
import { RadioChoice } from '../components/RadioChoice'
import type { WorkerView } from '../presence/WorkerView'
import { warningForAll, type MachineOrder } from './rolloutWords'

interface Props {
  machineId: Id<'machines'>
  /** Those who would be told. */
  online: readonly WorkerView[]
  kind: MachineOrder['command']['kind']
}

/** Tells all workers of a machine: one by one unless somebody is in a hurry, and after the answers that they are giving. */
export function OrderAllButton({ machineId, online, kind }: Props) {
  const order = useMutation(api.workerCommands.orderMachine)
  const [pace, setPace] = useState<'one by one' | 'at once'>('one by one')
  const [when, setWhen] = useState<'idle' | 'now'>('idle')
  const running = online.reduce((sum, { runningPrompts }) => sum + runningPrompts, 0)
  const command = { kind, when: running === 0 ? 'now' : when } as const
  const wanted: MachineOrder = { command, oneByOne: pace === 'one by one' }
  const name = kind === 'stop' ? 'Stop all' : 'Restart all'
  return (
    <AskTwice
      action={name}
      confirm={`${name} ${pace}`}
      warning={warningForAll(wanted, online.length, running)}
      look="plain"
      align="start"
      onConfirm={async () => {
        await order({ machineId, ...wanted })
      }}
    >
      <RadioChoice
        label="Pace"
        options={[
          ['one by one', 'one by one'],
          ['at once', 'all at once'],
        ]}
        chosen={pace}
        onChoose={setPace}
      />
      {running > 0 && (
        <RadioChoice
          label="When"
          options={[
            ['idle', 'when their answers are done'],
            ['now', 'now'],
          ]}
          chosen={when}
          onChoose={setWhen}
        />
      )}
    </AskTwice>
  )
}
