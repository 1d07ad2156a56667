import { api } from '@rollcall/backend/api'
import { useMutation, useQuery } from 'convex/react'
import { useLocation } from 'wouter'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { roleWords } from '../people/roleWords'
import { CardPage } from '../components/CardPage'
import type { Offer } from './useOffer'

/** Who shares which machine, what that lets one do, and the button that takes it. */
export function AcceptOffer({ token, offer }: { token: string; offer: Offer }) {
  const me = useQuery(api.users.me)
  const accept = useMutation(api.invitations.accept)
  const [, navigate] = useLocation()
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await accept({ token })
    navigate('/', { replace: true })
  })
  return (
    <CardPage title={`${offer.owner} shares ${offer.machine} with you`}>
      <p>{roleWords[offer.role].forGuest}</p>
      {offer.present !== undefined && offer.present !== 'owner' && (
        <p className="text-amber">
          {offer.present === offer.role
            ? 'You can do that already.'
            : `So far you ${roleWords[offer.present].choice}: accepting changes that.`}
        </p>
      )}
      {me && <p className="text-muted">You are signed in as {me.email ?? me.name}.</p>}
      <Problem text={problem} />
      <Button look="primary" className="h-8" onClick={() => run()} isBusy={isRunning} whyNot={whyNot}>
        Accept
      </Button>
    </CardPage>
  )
}
