import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { AskTwice } from '../components/AskTwice'
import type { MachineView } from '../presence/WorkerView'

export function RemoveMachine({ machine }: { machine: MachineView }) {
  const remove = useMutation(api.machines.remove)
  const count = machine.workers.length
  const workers = count === 1 ? 'its worker' : `its ${count} workers`
  return (
    <AskTwice
      action="Remove"
      label={`Remove machine ${machine.name}`}
      confirm="Remove for good"
      warning={
        count === 0
          ? `Removes ${machine.name}.`
          : `Removes ${machine.name} with ${workers} and their chats; what runs there is stopped.`
      }
      onConfirm={async () => {
        await remove({ machineId: machine.id })
      }}
    />
  )
}
