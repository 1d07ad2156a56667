import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import type { FunctionReturnType } from 'convex/server'
import { AskTwice } from '../components/AskTwice'
import { MomentText } from '../components/MomentText'
import { roleWords } from '../people/roleWords'

interface Props {
  machineId: Id<'machines'>
  shares: FunctionReturnType<typeof api.shares.list>
}

/** Who besides its owner uses a machine, and the end of that. */
export function ShareList({ machineId, shares }: Props) {
  const end = useMutation(api.shares.end)
  if (shares.length === 0) return <p className="text-muted">Nobody else uses this machine.</p>
  return (
    <ul aria-label="People who use it">
      {shares.map(({ userId, person, role, since }) => (
        <li
          key={userId}
          className="flex min-h-9 flex-wrap items-center justify-between gap-x-3 border-b border-line"
        >
          <span className="min-w-0 truncate" title={person}>
            {person}
          </span>
          <span className="flex-1 text-muted">
            {roleWords[role].may}, <MomentText moment={{ kind: 'since', at: since }} />
          </span>
          <AskTwice
            action="End"
            label={`End sharing with ${person}`}
            confirm="End for good"
            warning="Their chats on this machine end."
            className="-mr-2.5"
            onConfirm={async () => {
              await end({ machineId, userId })
            }}
          />
        </li>
      ))}
    </ul>
  )
}
