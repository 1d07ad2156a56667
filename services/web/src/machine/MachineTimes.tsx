import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { Loading } from '../components/Loading'
import type { MachineView } from '../presence/WorkerView'
import { MachineTimesForm } from './MachineTimesForm'

/** How long the machine's workers may be silent, and how long they may take to drain: its owner's to set. */
export function MachineTimes({ machine }: { machine: MachineView }) {
  const known = useQuery(api.machines.overrides, { machineId: machine.id })
  return (
    <section aria-labelledby="machine-times" className="flex flex-col gap-2">
      <h2 id="machine-times" className="font-semibold">
        Times of its workers
      </h2>
      {known === undefined ? (
        <Loading what="its settings" />
      ) : (
        <MachineTimesForm machineId={machine.id} own={known.overrides} deployment={known.deployment} />
      )}
    </section>
  )
}
