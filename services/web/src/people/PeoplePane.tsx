import { api } from '@rollcall/backend/api'
import { useAction, useMutation, useQuery } from 'convex/react'
import { useState } from 'react'
import { AskTwice } from '../components/AskTwice'
import { Button } from '../components/Button'
import { CopyCommand } from '../components/CopyCommand'
import { Loading } from '../components/Loading'
import { MomentText } from '../components/MomentText'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { invitationLink } from './invitationLink'

/** Who may come in: an administrator's page. */
export function PeoplePane() {
  return (
    <main aria-label="People" className="min-w-0 flex-1 overflow-y-auto">
      <title>People · Rollcall</title>
      <div className="mx-auto flex max-w-detail flex-col gap-4 p-4">
        <h1 className="text-title font-semibold">People</h1>
        <p className="text-muted">
          An account takes an invitation. Whoever has one sees only machines of their own.
        </p>
        <Invite />
        <Invitations />
      </div>
    </main>
  )
}

function Invite() {
  const create = useAction(api.invitations.create)
  const whyNot = useWhyNotNow()
  const [link, setLink] = useState<string>()
  const { run, isRunning, problem } = useTask(async () => {
    const { token } = await create({})
    setLink(invitationLink(window.location.origin, token))
  })
  return (
    <section aria-label="Invite somebody" className="flex flex-col gap-2">
      {link !== undefined && (
        <div className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-4">
          <p>Send this link to one person. It makes one account, within 7 days, and is shown this once.</p>
          <CopyCommand label="invitation link" text={link} />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" onClick={() => run()} isBusy={isRunning} whyNot={whyNot}>
          {link === undefined ? 'Invite somebody' : 'Invite somebody else'}
        </Button>
        <Problem text={problem} />
      </div>
    </section>
  )
}

function Invitations() {
  const invitations = useQuery(api.invitations.list)
  const withdraw = useMutation(api.invitations.withdraw)
  if (invitations === undefined) return <Loading what="the invitations" />
  if (invitations.length === 0) return <p className="text-muted">No invitation is waiting to be used.</p>
  return (
    <section aria-labelledby="invitations" className="flex flex-col">
      <h2 id="invitations" className="font-semibold">
        Waiting to be used
      </h2>
      <ul>
        {invitations.map(({ id, createdAt, expiresAt }) => (
          <li key={id} className="flex min-h-9 items-center justify-between gap-2 border-b border-line">
            <span>
              Made <MomentText moment={{ kind: 'point', at: createdAt }} />,{' '}
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
