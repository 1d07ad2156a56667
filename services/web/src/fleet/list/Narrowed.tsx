import { Button } from '../../components/Button'
import { StatusMark } from '../../components/StatusMark'
import { isNarrowed } from './FleetView'
import { useChangeView, useFleetView } from './useFleetView'

/** Says that only a part of the fleet is shown, how large it is, and leads back to all of it. */
export function Narrowed({ shown, total }: { shown: number; total: number }) {
  const view = useFleetView()
  const change = useChangeView()
  return (
    <div role="status" className="empty:hidden">
      {isNarrowed(view) && (
        <div className="flex flex-wrap items-center gap-x-2 text-small text-muted max-sm:px-2">
          {view.status !== undefined && <StatusMark word={view.status} />}
          <span>
            {shown === 0 ? 'No worker matches' : `${shown} of ${total} ${total === 1 ? 'worker' : 'workers'}`}
          </span>
          <Button look="quiet" onClick={() => change({ find: '', status: undefined })}>
            Show all
          </Button>
        </div>
      )}
    </div>
  )
}
