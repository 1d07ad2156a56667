import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation, useQuery } from 'convex/react'
import { AskTwice } from '../components/AskTwice'
import { Loading } from '../components/Loading'
import { MomentText } from '../components/MomentText'
import { roleWords } from './roleWords'

/** The links that nobody has used yet: to a machine, or without one, to an account. */
export function InvitationList({ machineId }: { machineId?: Id<'machines'> }) {
  const invitations = useQuery(api.invitations.list, machineId === undefined ? {} : { machineId })
  const withdraw = useMutation(api.invitations.withdraw)
  if (invitations === undefined) return <Loading what="the invitations" />
  if (invitations.length === 0) return <p className="text-muted">No invitation is waiting to be used.</p>
  return (
    <section aria-labelledby="invitations" className="flex flex-col">
      <h2 id="invitations" className="font-semibold">
        Waiting to be used
      </h2>
      <ul>
        {invitations.map(({ id, createdAt, expiresAt, role }) => (
          <li
            key={id}
            className="flex min-h-9 flex-wrap items-center justify-between gap-x-3 border-b border-line"
          >
            {role && <span>{roleWords[role].may}</span>}
            <span className={role ? 'min-w-0 flex-1 text-muted' : ''}>
              {role ? 'made' : 'Made'} <MomentText moment={{ kind: 'point', at: createdAt }} />,{' '}
              <MomentText moment={{ kind: 'left', at: expiresAt }} />
            </span>
            <AskTwice
              action="Withdraw"
              confirm="Withdraw for good"
              className="-mr-2.5"
              onConfirm={async () => {
                await withdraw({ invitationId: id })
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
