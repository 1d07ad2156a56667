import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { AskTwice } from '../components/AskTwice'
import type { MachineView } from '../presence/WorkerView'

export function RemoveMachine({ machine }: { machine: MachineView }) {
  const remove = useMutation(api.machines.remove)
  const count = machine.workers.length
  const belongings = count === 1 ? 'its worker and chats' : `its ${count} workers and their chats`
  return (
    <AskTwice
      action="Remove"
      label={`Remove machine ${machine.name}`}
      confirm="Remove for good"
      {...(count > 0 && { warning: `With ${belongings}; what runs is stopped.` })}
      onConfirm={async () => {
        await remove({ machineId: machine.id })
      }}
    />
  )
}
