import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { usePaginatedQuery } from 'convex/react'
import { useState } from 'react'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { TimelineEvent } from './TimelineEvent'
import { TimelineFilter, type TimelineChoice } from './TimelineFilter'

/** The newest event is the evidence for the present status; the rest is history, and crashes are looked for in it. */
const FIRST: Record<TimelineChoice, number> = { all: 3, crashes: 10 }
const MORE = 30

const nothing: Record<TimelineChoice, string> = {
  all: 'Nothing has happened yet: it was never online.',
  crashes: 'No crash yet.',
}

/** Every change of the worker's status, or its crashes alone, newest first, with what is known about it. */
export function Timeline({ workerId }: { workerId: Id<'workers'> }) {
  const [choice, setChoice] = useState<TimelineChoice>('all')
  const { results, status, loadMore } = usePaginatedQuery(
    api.workerHistory.events,
    choice === 'all' ? { workerId } : { workerId, reason: 'crashed' as const },
    { initialNumItems: FIRST[choice] },
  )
  return (
    <section aria-labelledby="timeline" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id="timeline" className="font-semibold">
          Timeline
        </h2>
        <TimelineFilter choice={choice} onChoose={setChoice} />
      </div>
      {status === 'LoadingFirstPage' && <Loading what="the timeline" />}
      {status !== 'LoadingFirstPage' && results.length === 0 && (
        <p className="text-muted">{nothing[choice]}</p>
      )}
      <ol className="flex flex-col">
        {results.map((event) => (
          <TimelineEvent key={event.id} event={event} />
        ))}
      </ol>
      {status === 'CanLoadMore' && (
        <div>
          <Button onClick={() => loadMore(MORE)}>Show earlier</Button>
        </div>
      )}
    </section>
  )
}
