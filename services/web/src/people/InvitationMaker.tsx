import { api } from '@rollcall/backend/api'
import { useAction } from 'convex/react'
import type { FunctionArgs } from 'convex/server'
import { useState, type ReactNode } from 'react'
import { Button } from '../components/Button'
import { CopyCommand } from '../components/CopyCommand'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { invitationLink } from './invitationLink'

interface Props {
  /** The role on a machine that is given; without it, the invitation is to an account. */
  share?: NonNullable<FunctionArgs<typeof api.invitations.create>['share']>
  /** What is done here, for screen readers. */
  label: string
  linkLabel: string
  /** What the link that is made now is good for. */
  note: string
  action: string
  /** The same action, when a link was made already. */
  actionAgain: string
  /** What has to be chosen first. */
  children?: ReactNode
}

/** Makes a link for one person and shows it, this once. */
export function InvitationMaker({ share, label, linkLabel, note, action, actionAgain, children }: Props) {
  const create = useAction(api.invitations.create)
  const whyNot = useWhyNotNow()
  const [made, setMade] = useState<{ link: string; note: string }>()
  const { run, isRunning, problem } = useTask(async () => {
    const { token } = await create(share ? { share } : {})
    setMade({ link: invitationLink(share ? 'machine' : 'account', window.location.origin, token), note })
  })
  return (
    <section aria-label={label} className="flex flex-col gap-3">
      <div className={made ? 'flex flex-col gap-2 rounded-lg border border-line bg-surface p-4' : 'contents'}>
        <p role="status" className="empty:hidden">
          {made?.note}
        </p>
        {made && <CopyCommand label={linkLabel} text={made.link} />}
      </div>
      {children}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" onClick={() => run()} isBusy={isRunning} whyNot={whyNot}>
          {made ? actionAgain : action}
        </Button>
        <Problem text={problem} />
      </div>
    </section>
  )
}
