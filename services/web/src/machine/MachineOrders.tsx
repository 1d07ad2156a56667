import type { MachineView } from '../presence/WorkerView'
import { OrderAllButton } from './OrderAllButton'
import { RolloutLine } from './RolloutLine'

/** Stop and restart of all workers of a machine from afar, and how far that is: for its owner. */
export function MachineOrders({ machine }: { machine: MachineView }) {
  const online = machine.workers.filter(({ status, phase }) => status === 'online' && phase !== 'draining')
  return (
    <section aria-labelledby="its-workers" className="flex flex-col gap-3">
      <h2 id="its-workers" className="font-semibold">
        All its workers
      </h2>
      {machine.rollout && <RolloutLine machine={machine} rollout={machine.rollout} />}
      {online.length === 0 ? (
        <p className="text-muted">None is online.</p>
      ) : (
        <div role="group" aria-label={`Control all of ${machine.name}`} className="flex flex-wrap gap-2">
          <OrderAllButton machineId={machine.id} online={online} kind="restart" />
          <OrderAllButton machineId={machine.id} online={online} kind="stop" />
        </div>
      )}
    </section>
  )
}
