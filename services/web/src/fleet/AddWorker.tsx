import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useAction } from 'convex/react'
import { useState } from 'react'
import { NameForm } from './NameForm'
import { NewToken } from './NewToken'
import { TermSelect } from './TermSelect'

/** Asks for a name, then shows the new worker's token, this once. */
export function AddWorker({ machineId, onDone }: { machineId: Id<'machines'>; onDone: () => void }) {
  const create = useAction(api.workerAccess.create)
  const [made, setMade] = useState<{ name: string; token: string }>()
  const [term, setTerm] = useState<number>()
  if (made) {
    return (
      <NewToken
        name={made.name}
        token={made.token}
        news={`${made.name} is made.`}
        note="In a copy of Rollcall on that computer, this starts the worker; then approve it here:"
        onDone={onDone}
      />
    )
  }
  return (
    <NameForm
      label="Worker name"
      placeholder="docs"
      action="Add worker"
      onCancel={onDone}
      onSubmit={async (name) => {
        const { token } = await create({ machineId, name, ...(term !== undefined && { term }) })
        setMade({ name: name.trim(), token })
      }}
    >
      <TermSelect term={term} onChange={setTerm} />
    </NameForm>
  )
}
