import type { OfflineReason } from '@rollcall/backend/contract'
import { CopyCommand } from '../components/CopyCommand'
import type { WorkerView } from '../presence/WorkerView'

/** What comes before the command; those that are replaced or revoked are not to be started. */
const words: Partial<Record<OfflineReason, string>> = {
  shutdown: 'Start it again',
  crashed: 'Its supervisor starts it again by itself. If that has ended too, start it',
  stale: 'It comes back by itself if it still runs. If it does not, start it',
}

/** How a worker that is offline comes back. */
export function StartAgain({ offline, process }: Pick<WorkerView, 'offline' | 'process'>) {
  const beginning = offline && words[offline.reason]
  if (beginning === undefined) return null
  return (
    <div className="flex flex-col gap-1">
      <p className="text-small text-muted wrap-anywhere">
        {beginning} on {process?.hostname ?? 'its machine'}:
      </p>
      <div className="max-w-form">
        <CopyCommand label="start command" text="pnpm start" />
      </div>
    </div>
  )
}
