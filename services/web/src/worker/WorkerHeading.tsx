import { SentenceText } from '../components/SentenceText'
import { StatusMark } from '../components/StatusMark'
import { useIsLastKnown } from '../connection/useConnection'
import { ApproveButton } from '../fleet/ApproveButton'
import { BackToFleet } from '../fleet/BackToFleet'
import { describeWorker } from '../presence/describeWorker'
import type { WorkerView } from '../presence/WorkerView'

/** Name and status of the worker that is looked at, and the way back. */
export function WorkerHeading({ worker }: { worker: WorkerView }) {
  const { word, sentence } = describeWorker(worker)
  const isLastKnown = useIsLastKnown()
  return (
    <div className="flex flex-col gap-1">
      <BackToFleet />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h1 className="min-w-0 truncate text-title font-semibold">{worker.name}</h1>
        <StatusMark word={word} />
        <ApproveButton worker={worker} />
      </div>
      <p className={`wrap-anywhere text-muted ${isLastKnown ? 'italic' : ''}`}>
        <SentenceText sentence={sentence} />
      </p>
    </div>
  )
}
