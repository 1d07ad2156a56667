import { Button } from '../components/Button'
import { ButtonLink } from '../components/ButtonLink'
import { useWhyNotNow } from '../connection/useConnection'
import type { MachineView } from '../presence/WorkerView'
import { LeaveMachine } from './LeaveMachine'
import { RemoveMachine } from './RemoveMachine'

/** What a person may do with a machine: all of it as its owner, else only leave it. */
export function MachineActions({ machine, onAddWorker }: { machine: MachineView; onAddWorker: () => void }) {
  const whyNot = useWhyNotNow()
  return (
    <div className="ml-auto flex flex-wrap items-center justify-end">
      {machine.role === 'owner' ? (
        <>
          <ButtonLink href={`/machines/${machine.id}`} label={`Manage machine ${machine.name}`}>
            Manage
          </ButtonLink>
          <RemoveMachine machine={machine} />
          <Button
            look="quiet"
            onClick={onAddWorker}
            whyNot={whyNot}
            aria-label={`Add worker to ${machine.name}`}
          >
            Add worker
          </Button>
        </>
      ) : (
        <LeaveMachine machine={machine} />
      )}
    </div>
  )
}
