import { useId, useState } from 'react'
import { useDoubt } from '../detector/useDoubt'
import { workersTroubleFirst } from '../presence/troubleFirst'
import type { MachineView } from '../presence/WorkerView'
import { AddWorker } from './AddWorker'
import { MachineActions } from './MachineActions'
import { WorkerRow } from './WorkerRow'

/** A machine: folded to its line, or open with a row for each worker. */
export function MachineSection({ machine, isNarrow }: { machine: MachineView; isNarrow: boolean }) {
  const [isOpen, setIsOpen] = useState(true)
  const [isAdding, setIsAdding] = useState(false)
  const doubt = useDoubt()('ready')
  const listId = useId()
  const online = machine.workers.filter(({ status }) => status === 'online').length
  return (
    <section aria-label={`Machine ${machine.name}`}>
      <div
        className={`flex min-h-9 items-center gap-x-2 border-b border-line max-sm:flex-wrap max-sm:px-2 ${isNarrow ? 'flex-wrap' : ''}`}
      >
        <h2 className="min-w-0">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={listId}
            onClick={() => setIsOpen(!isOpen)}
            className="flex max-w-full items-center gap-2 rounded-md font-semibold"
          >
            <svg
              viewBox="0 0 12 12"
              className="size-3 shrink-0 text-muted"
              fill="currentColor"
              aria-hidden="true"
            >
              <path d={isOpen ? 'M1.5 3.5h9L6 9.5z' : 'M3.5 1.5v9l6-4.5z'} />
            </svg>
            <span className="truncate">{machine.name}</span>
          </button>
        </h2>
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
        {!isNarrow && <MachineActions machine={machine} onAddWorker={() => setIsAdding(true)} />}
      </div>
      {isAdding && (
        <div className="px-2 py-3">
          <AddWorker machineId={machine.id} onDone={() => setIsAdding(false)} />
        </div>
      )}
      {isOpen && (
        <ul id={listId}>
          {workersTroubleFirst(machine.workers).map((worker) => (
            <WorkerRow key={worker.id} worker={worker} isNarrow={isNarrow} />
          ))}
          {machine.workers.length === 0 && !isAdding && (
            <li className="flex min-h-9 items-center px-2 text-muted">
              {machine.role === 'owner'
                ? 'No workers yet. Add one to get its token and the command that starts it.'
                : 'No workers yet. Its owner can add one.'}
            </li>
          )}
        </ul>
      )}
    </section>
  )
}
