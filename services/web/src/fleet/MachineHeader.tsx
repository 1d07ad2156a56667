import { useDoubt } from '../detector/useDoubt'
import type { MachineView } from '../presence/WorkerView'
import { FoldButton } from './list/FoldButton'
import { MachineActions } from './MachineActions'

interface Props {
  machine: MachineView
  isOpen: boolean
  isNarrow: boolean
  onToggle: () => void
  onAddWorker: () => void
}

/** A machine's line: its name, how much of it is online, and what may be done with it. */
export function MachineHeader({ machine, isOpen, isNarrow, onToggle, onAddWorker }: Props) {
  const doubt = useDoubt()('ready')
  const online = machine.workers.filter(({ status }) => status === 'online').length
  return (
    <div
      className={`flex min-h-9 items-center gap-x-2 border-b border-line max-sm:flex-wrap max-sm:px-2 ${isNarrow ? 'flex-wrap' : ''}`}
    >
      <FoldButton isOpen={isOpen} onToggle={onToggle}>
        <span className="truncate">{machine.name}</span>
      </FoldButton>
      <span className="shrink-0 text-small text-muted">
        {machine.workers.length === 0 ? 'no workers' : `${online} of ${machine.workers.length} online`}
        {doubt === 'last known' && ', last known'}
        {doubt === 'unconfirmed' && online > 0 && (
          <span className="text-amber max-sm:sr-only">, unconfirmed</span>
        )}
      </span>
      {machine.owner !== undefined && (
        <span
          className={`min-w-0 truncate text-small text-muted max-sm:order-last max-sm:basis-full max-sm:pb-1.5 max-sm:pl-5 ${isNarrow ? 'basis-full pb-1.5 pl-5' : ''}`}
          title={machine.owner}
        >
          shared by {machine.owner}
        </span>
      )}
      {!isNarrow && <MachineActions machine={machine} onAddWorker={onAddWorker} />}
    </div>
  )
}
