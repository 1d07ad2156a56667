import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { usePaginatedQuery } from 'convex/react'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { SentenceText } from '../components/SentenceText'
import { StatusShape } from '../components/StatusShape'
import { describeEvent } from '../presence/describeEvent'

/** The newest event is the evidence for the present status; the rest is history. */
const FIRST = 3
const MORE = 30

/** Every change of the worker's status, newest first, with what is known about it. */
export function Timeline({ workerId }: { workerId: Id<'workers'> }) {
  const { results, status, loadMore } = usePaginatedQuery(
    api.workers.events,
    { workerId },
    { initialNumItems: FIRST },
  )
  return (
    <section aria-labelledby="timeline" className="flex flex-col gap-2">
      <h2 id="timeline" className="font-semibold">
        Timeline
      </h2>
      {status === 'LoadingFirstPage' && <Loading what="the timeline" />}
      {status !== 'LoadingFirstPage' && results.length === 0 && (
        <p className="text-muted">Nothing has happened yet: it was never online.</p>
      )}
      <ol className="flex flex-col">
        {results.map((event) => {
          const { shape, tone, title, evidence } = describeEvent(event)
          return (
            <li key={event.id} className="flex gap-2 py-1">
              <span className="flex h-5.5 items-center">
                <StatusShape shape={shape} tone={tone} />
              </span>
              <div className="min-w-0">
                <p className="wrap-anywhere">
                  <SentenceText sentence={title} />
                </p>
                <p className="text-small text-muted">{evidence.join(' · ')}</p>
              </div>
            </li>
          )
        })}
      </ol>
      {status === 'CanLoadMore' && (
        <div>
          <Button onClick={() => loadMore(MORE)}>Show earlier</Button>
        </div>
      )}
    </section>
  )
}
