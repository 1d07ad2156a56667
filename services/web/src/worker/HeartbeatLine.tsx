import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useQuery } from 'convex/react'
import type { FunctionReturnType } from 'convex/server'
import { MomentText } from '../components/MomentText'
import { useIsLastKnown } from '../connection/useConnection'
import { useAtNow } from '../connection/useNow'
import { durationWords } from '../presence/timeWords'

/** A heartbeat that comes this much after its time, in intervals, is late: their jitter is a tenth. */
const LATE = 0.5

type Heartbeat = FunctionReturnType<typeof api.workerHistory.heartbeat>

/** An online worker's signs of life as they come; to be there once only, for each heartbeat is sent to it. */
export function HeartbeatLine({ workerId }: { workerId: Id<'workers'> }) {
  const heartbeat = useQuery(api.workerHistory.heartbeat, { workerId })
  const isLastKnown = useIsLastKnown()
  const isOverdue = useAtNow((now) => isLateAt(now, heartbeat))
  if (heartbeat === undefined) return <p className="h-5 text-small" />
  const { at, intervalMs } = heartbeat
  const isLate = isOverdue && !isLastKnown
  const look = isLate ? 'text-amber' : `text-muted ${isLastKnown ? 'italic' : ''}`
  return (
    <p data-heartbeat={isLate ? 'late' : 'in time'} className={`text-small ${look}`}>
      {at === null ? (
        'No heartbeat yet'
      ) : (
        <>
          {isLastKnown ? 'Last known heartbeat' : 'Last heartbeat'}{' '}
          <MomentText moment={{ kind: 'point', at }} />
        </>
      )}
      {isLate ? <strong>, late</strong> : ''}, expected every {durationWords(intervalMs)}
    </p>
  )
}

function isLateAt(now: number, heartbeat: Heartbeat | undefined): boolean {
  if (heartbeat === undefined || heartbeat.at === null) return false
  return now - heartbeat.at > (1 + LATE) * heartbeat.intervalMs
}
