import { Link, useRoute } from 'wouter'
import { SentenceText } from '../components/SentenceText'
import { StatusMark } from '../components/StatusMark'
import { useIsLastKnown } from '../connection/useConnection'
import { describeWorker } from '../presence/describeWorker'
import type { WorkerView } from '../presence/WorkerView'
import { ApproveButton } from './ApproveButton'

/**
 * One worker in one line; all of the line leads to its page. Beside a worker's page (`isNarrow`) there is no room for the
 * sentence; on a phone it has a line of its own.
 */
export function WorkerRow({ worker, isNarrow }: { worker: WorkerView; isNarrow: boolean }) {
  const { word, sentence } = describeWorker(worker)
  const isLastKnown = useIsLastKnown()
  const [isShown] = useRoute(`/workers/${worker.id}/*?`)
  return (
    <li
      className={`relative flex min-h-9 items-center gap-x-3 rounded-md px-2 hover:bg-hover ${isShown ? 'bg-hover' : ''} max-sm:flex-wrap max-sm:py-1.5`}
    >
      <span className="flex w-30 shrink-0">
        <StatusMark word={word} />
      </span>
      <Link
        href={`/workers/${worker.id}`}
        aria-current={isShown ? 'page' : undefined}
        className={`truncate after:absolute after:inset-0 after:rounded-md ${isNarrow ? 'min-w-0 flex-1' : 'w-44 shrink-0 max-sm:w-auto max-sm:min-w-0 max-sm:flex-1'}`}
        title={worker.name}
      >
        {worker.name}
      </Link>
      {!isNarrow && (
        <span
          className={`min-w-0 flex-1 truncate text-muted max-sm:order-last max-sm:basis-full max-sm:pl-5 ${isLastKnown ? 'italic' : ''}`}
        >
          <SentenceText sentence={sentence} />
        </span>
      )}
      <ApproveButton worker={worker} />
    </li>
  )
}
