import { MomentText } from '../components/MomentText'
import type { WorkerView } from '../presence/WorkerView'

interface Props {
  process: NonNullable<WorkerView['process']>
  epoch: number
  isOnline: boolean
}

/** What the worker's process said of itself when it registered. */
export function WorkerFacts({ process, epoch, isOnline }: Props) {
  const { hostname, pid, directory, versions, registeredAt } = process
  const facts: [string, string][] = [
    ['Host', hostname],
    ['Process', `pid ${pid}`],
    ['Run', `${epoch} (epoch)`],
    ['Directory', directory],
    ['Worker', versions.worker],
    ['Node', versions.node],
    ['opencode', versions.opencode ?? 'not known yet'],
  ]
  return (
    <section aria-labelledby="process" className="flex flex-col gap-2">
      <h2 id="process" className="font-semibold">
        {isOnline ? 'Process' : 'Last process'}
      </h2>
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-y-1">
        {facts.map(([term, value]) => (
          <div key={term} className="contents">
            <dt className="text-muted">{term}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
        <dt className="text-muted">Registered</dt>
        <dd>
          <MomentText moment={{ kind: 'point', at: registeredAt }} />
        </dd>
      </dl>
    </section>
  )
}
