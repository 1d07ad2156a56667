import { MomentText } from '../components/MomentText'
import { useConnection } from './useConnection'

/** Says that nothing on the page is live. The seconds are hidden from screen readers, which would read each of them out. */
export function ConnectionBanner() {
  const connection = useConnection()
  return (
    <div role="status">
      {connection.kind === 'lost' && (
        <p className="border-b border-amber/40 bg-amber-soft px-4 py-2 text-amber">
          <strong>Connection lost</strong>
          <span aria-hidden="true">
            {' '}
            <MomentText moment={{ kind: 'point', at: connection.since }} />
          </span>
          . Statuses are as last known. Reconnecting by itself.
        </p>
      )}
    </div>
  )
}
