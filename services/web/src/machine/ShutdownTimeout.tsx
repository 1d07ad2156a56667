import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { Loading } from '../components/Loading'
import type { MachineView } from '../presence/WorkerView'
import { ShutdownTimeoutForm } from './ShutdownTimeoutForm'

/** How long the machine's workers may take to drain: its owner's to set. */
export function ShutdownTimeout({ machine }: { machine: MachineView }) {
  const known = useQuery(api.machines.overrides, { machineId: machine.id })
  return (
    <section aria-labelledby="shutdown-timeout" className="flex flex-col gap-2">
      <h2 id="shutdown-timeout" className="font-semibold">
        When its workers are stopped
      </h2>
      {known === undefined ? (
        <Loading what="its settings" />
      ) : (
        <ShutdownTimeoutForm
          machineId={machine.id}
          own={known.overrides.shutdownTimeoutMs}
          deployment={known.deployment.shutdownTimeoutMs}
        />
      )}
    </section>
  )
}
