import { api } from '@rollcall/backend/api'
import { usePaginatedQuery } from 'convex/react'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { MomentText } from '../components/MomentText'
import { AccountSection } from './AccountSection'
import { describeAudit } from './describeAudit'

const FIRST = 10
const MORE = 50

/** What was done about access to the account and its machines, newest first. */
export function Trail() {
  const { results, status, loadMore } = usePaginatedQuery(api.account.trail, {}, { initialNumItems: FIRST })
  if (status === 'LoadingFirstPage') return <Loading what="what happened" />
  return (
    <AccountSection title="What happened">
      {results.length === 0 && (
        <p className="text-muted">
          Nothing yet. Sign-ins, approvals and shares will be listed here, with who did it and when.
        </p>
      )}
      <ol>
        {results.map((event) => (
          <li
            key={event.id}
            className="flex min-h-9 flex-wrap items-center gap-x-3 border-b border-line py-1 sm:flex-nowrap"
          >
            <span className="min-w-0 flex-1 wrap-anywhere max-sm:basis-full">{describeAudit(event)}</span>
            <span className="shrink-0 text-small text-muted">
              <MomentText moment={{ kind: 'point', at: event.at }} />
            </span>
          </li>
        ))}
      </ol>
      {status !== 'Exhausted' && (
        <div>
          <Button isBusy={status === 'LoadingMore'} onClick={() => loadMore(MORE)}>
            More
          </Button>
        </div>
      )}
    </AccountSection>
  )
}
