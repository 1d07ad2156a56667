import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useQuery } from 'convex/react'
import { PageTitle } from '../app/PageTitle'
import { Loading } from '../components/Loading'
import { useIsTimeTold } from '../detector/useDetector'
import { UptimeSection } from '../uptime/UptimeSection'
import { AccessSection } from './AccessSection'
import { ChatList } from './ChatList'
import { HeartbeatLine } from './HeartbeatLine'
import { RemoveWorker } from './RemoveWorker'
import { PolicySection } from './PolicySection'
import { StartChat } from './StartChat'
import { Timeline } from './Timeline'
import { WorkerControls } from './WorkerControls'
import { WorkerFacts } from './WorkerFacts'
import { WorkerHeading } from './WorkerHeading'

/** A worker's own page: what it is, what it talks about, and the evidence for its status. */
export function WorkerPane({ workerId }: { workerId: Id<'workers'> }) {
  const worker = useQuery(api.workers.get, { workerId })
  const isTimeTold = useIsTimeTold()
  if (worker === undefined || !isTimeTold) return <Loading what="the worker" />
  return (
    <main aria-label={`Worker ${worker.name}`} className="min-w-0 flex-1 overflow-y-auto">
      <PageTitle name={worker.name} worker={worker} />
      <div className="mx-auto flex max-w-detail flex-col gap-6 p-4">
        <div className="flex flex-col gap-3">
          <div className="flex flex-col gap-1">
            <WorkerHeading worker={worker} />
            {worker.status === 'online' && <HeartbeatLine workerId={worker.id} />}
          </div>
          <WorkerControls worker={worker} />
        </div>
        <UptimeSection workerId={worker.id} />
        <Timeline workerId={worker.id} />
        <section aria-labelledby="chats" className="flex flex-col gap-3">
          <h2 id="chats" className="font-semibold">
            Chats
          </h2>
          <StartChat worker={worker} />
          <ChatList workerId={worker.id} />
        </section>
        {worker.process && (
          <WorkerFacts process={worker.process} epoch={worker.epoch} isOnline={worker.status === 'online'} />
        )}
        {worker.approval !== 'revoked' && <PolicySection worker={worker} />}
        {worker.role === 'owner' && worker.approval !== 'revoked' && <AccessSection worker={worker} />}
        {worker.role === 'owner' && worker.approval === 'revoked' && <RemoveWorker worker={worker} />}
      </div>
    </main>
  )
}
