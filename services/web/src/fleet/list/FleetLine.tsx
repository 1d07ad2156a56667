import { AddWorker } from '../AddWorker'
import { MachineHeader } from '../MachineHeader'
import { WorkerRow } from '../WorkerRow'
import type { FleetItem } from './FleetItem'
import { StatusHeader } from './StatusHeader'

interface Props {
  item: FleetItem
  isNarrow: boolean
  onToggle: (key: string) => void
  onAdding: (machineId: string, isAdding: boolean) => void
}

export function FleetLine({ item, isNarrow, onToggle, onAdding }: Props) {
  switch (item.kind) {
    case 'machine':
      return (
        <MachineHeader
          machine={item.machine}
          isOpen={item.isOpen}
          isNarrow={isNarrow}
          onToggle={() => onToggle(item.key)}
          onAddWorker={() => onAdding(item.machine.id, true)}
        />
      )
    case 'status':
      return (
        <StatusHeader
          word={item.word}
          count={item.count}
          isOpen={item.isOpen}
          onToggle={() => onToggle(item.key)}
        />
      )
    case 'worker':
      return <WorkerRow worker={item.worker} of={item.of} isNarrow={isNarrow} />
    case 'adding':
      return (
        <div className="px-2 py-3">
          <AddWorker machineId={item.machine.id} onDone={() => onAdding(item.machine.id, false)} />
        </div>
      )
    case 'none':
      return (
        <p className="flex min-h-9 items-center px-2 text-muted">
          {item.machine.role === 'owner'
            ? 'No workers yet. Add one to get its token and the command that starts it.'
            : 'No workers yet. Its owner can add one.'}
        </p>
      )
    default:
      return item satisfies never
  }
}
