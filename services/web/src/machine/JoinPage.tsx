import { wordsForError } from '../app/wordsForError'
import { Loading } from '../components/Loading'
import { Problem } from '../components/Problem'
import { AcceptOffer } from './AcceptOffer'
import { CardPage } from '../components/CardPage'
import { useOffer } from './useOffer'

/** Where the link to a machine leads somebody who is signed in. Keyed by `token`. */
export function JoinPage({ token }: { token: string }) {
  const offer = useOffer(token)
  if (offer === undefined) return <Loading what="the invitation" />
  if (offer instanceof Error) return <NoOffer problem={wordsForError(offer)} />
  if (offer.present !== 'owner') return <AcceptOffer token={token} offer={offer} />
  return (
    <CardPage title={`${offer.machine} is yours`}>
      <p>This link is not for you: send it to the person whom you want to share {offer.machine} with.</p>
    </CardPage>
  )
}

/** Why the link leads nowhere. */
export function NoOffer({ problem }: { problem: string }) {
  return (
    <CardPage title="This link did not work">
      <Problem text={problem} />
    </CardPage>
  )
}
