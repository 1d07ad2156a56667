import { api } from '@rollcall/backend/api'
import { usePaginatedQuery } from 'convex/react'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { PastAlertItem } from './PastAlertItem'

const FIRST = 5
const MORE = 50

/** What was wrong and is not any more, newest first. */
export function PastAlerts() {
  const { results, status, loadMore } = usePaginatedQuery(api.alerts.past, {}, { initialNumItems: FIRST })
  if (status === 'LoadingFirstPage') return <Loading what="what was wrong before" />
  return (
    <section aria-labelledby="past" className="flex flex-col gap-2">
      <h2 id="past" className="font-semibold">
        Past
      </h2>
      {results.length === 0 && (
        <p className="text-muted">Nothing yet. What is over is listed here, with how long it took.</p>
      )}
      <ul>
        {results.map((alert) => (
          <PastAlertItem key={alert.id} alert={alert} />
        ))}
      </ul>
      {status !== 'Exhausted' && (
        <div>
          <Button isBusy={status === 'LoadingMore'} onClick={() => loadMore(MORE)}>
            Show more
          </Button>
        </div>
      )}
    </section>
  )
}
