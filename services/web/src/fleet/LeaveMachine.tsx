import { api } from '@rollcall/backend/api'
import { useMutation, useQuery } from 'convex/react'
import { AskTwice } from '../components/AskTwice'
import type { MachineView } from '../presence/WorkerView'

/** The way out of a machine that somebody else shares. */
export function LeaveMachine({ machine }: { machine: MachineView }) {
  const me = useQuery(api.users.me)
  const end = useMutation(api.shares.end)
  if (!me) return null
  return (
    <AskTwice
      action="Leave"
      label={`Leave machine ${machine.name}`}
      confirm="Leave for good"
      warning="Your chats on it end; to come back takes a new link."
      onConfirm={async () => {
        await end({ machineId: machine.id, userId: me.id })
      }}
    />
  )
}
