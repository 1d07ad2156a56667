import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useQuery } from 'convex/react'
import { DetailPane } from '../app/DetailPane'
import { Loading } from '../components/Loading'
import { useFleet } from '../fleet/useFleet'
import { InvitationList } from '../people/InvitationList'
import { MachineOrders } from './MachineOrders'
import { MachineTimes } from './MachineTimes'
import { ShareByLink } from './ShareByLink'
import { ShareList } from './ShareList'

/** Who may use a machine and what holds for its workers: its owner's page. Anybody else is refused by the backend. */
export function MachinePane({ machineId }: { machineId: Id<'machines'> }) {
  const shares = useQuery(api.shares.list, { machineId })
  const machine = useFleet()?.find(({ id }) => id === machineId)
  if (shares === undefined || machine === undefined) return <Loading what="the machine" />
  return (
    <DetailPane name={machine.name}>
      <section aria-labelledby="who" className="flex flex-col gap-3">
        <div className="flex flex-col gap-1">
          <h2 id="who" className="font-semibold wrap-anywhere">
            Who may use {machine.name}
          </h2>
          <p className="text-muted">
            You own it: only you add workers, approve and remove. Everybody sees only the chats they started.
          </p>
        </div>
        <ShareList machineId={machineId} shares={shares} />
        <ShareByLink machine={machine} />
        <InvitationList machineId={machineId} />
      </section>
      <MachineOrders machine={machine} />
      <MachineTimes machine={machine} />
    </DetailPane>
  )
}
