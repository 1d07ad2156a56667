import type { WorkerView } from '../presence/WorkerView'
import { OrderButton } from './OrderButton'
import { StartAgain } from './StartAgain'
import { WaitingOrder } from './WaitingOrder'

/** Stop and restart of an online worker, or what it was told already; of one that is offline, how it is started. */
export function WorkerControls({ worker }: { worker: WorkerView }) {
  const { approval, status, phase, command, role } = worker
  const isOnline = status === 'online'
  if (approval !== 'approved' || phase === 'draining') return null
  if (isOnline && command) return <WaitingOrder worker={worker} command={command} />
  if (role !== 'owner') return null
  if (!isOnline) return <StartAgain {...worker} />
  return (
    <div role="group" aria-label={`Control ${worker.name}`} className="flex flex-wrap gap-2">
      <OrderButton worker={worker} kind="restart" />
      <OrderButton worker={worker} kind="stop" />
    </div>
  )
}
