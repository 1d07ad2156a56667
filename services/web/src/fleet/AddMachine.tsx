import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { NameForm } from './NameForm'

export function AddMachine({ onDone }: { onDone: () => void }) {
  const create = useMutation(api.machines.create)
  return (
    <NameForm
      label="Machine name"
      placeholder="build-03"
      action="Add machine"
      onCancel={onDone}
      onSubmit={async (name) => {
        await create({ name })
        onDone()
      }}
    />
  )
}
