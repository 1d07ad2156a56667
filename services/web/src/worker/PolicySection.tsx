import type { WorkerView } from '../presence/WorkerView'
import { PolicyForm } from './PolicyForm'
import { policyWords } from './policyWords'

/** What opencode may do for those who chat with the worker: the owner's to choose, and for all to know. */
export function PolicySection({ worker }: { worker: WorkerView }) {
  const { choice, meaning } = policyWords[worker.policy ?? 'asSetUp']
  return (
    <section aria-labelledby="policy" className="flex flex-col gap-3">
      <h2 id="policy" className="font-semibold">
        What it may do
      </h2>
      {worker.role === 'owner' ? (
        <PolicyForm worker={worker} />
      ) : (
        <p>
          {choice}. <span className="text-muted">{meaning}</span>
        </p>
      )}
    </section>
  )
}
