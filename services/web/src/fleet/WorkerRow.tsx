import { Link, useRoute } from 'wouter'
import { SentenceText } from '../components/SentenceText'
import { StatusMark } from '../components/StatusMark'
import { useIsLastKnown } from '../connection/useConnection'
import { describeWorker } from '../presence/describeWorker'
import type { WorkerView } from '../presence/WorkerView'
import { ApproveButton } from './ApproveButton'
import { WorkerStrip } from '../uptime/WorkerStrip'
import { ROW_FOCUS } from './list/rowFocus'

interface Props {
  worker: WorkerView
  /** Its machine's name, where it does not stand below it. */
  of?: string | undefined
  isNarrow: boolean
}

/**
 * One worker in one line; all of the line leads to its page. Beside a worker's page (`isNarrow`) there is no room for the
 * sentence; on a phone it has a line of its own.
 */
export function WorkerRow({ worker, of, isNarrow }: Props) {
  const { word, sentence } = describeWorker(worker)
  const isLastKnown = useIsLastKnown()
  const [isShown] = useRoute(`/workers/${worker.id}/*?`)
  return (
    <div
      className={`relative flex min-h-9 items-center gap-x-3 rounded-md px-2 hover:bg-hover ${isShown ? 'bg-hover' : ''} max-sm:flex-wrap max-sm:py-1.5`}
    >
      <span className="flex w-30 shrink-0">
        <StatusMark word={word} />
      </span>
      <span
        className={`flex min-w-0 items-baseline gap-2 ${isNarrow ? 'flex-1' : 'w-44 shrink-0 max-sm:w-auto max-sm:flex-1'}`}
      >
        <Link
          href={`/workers/${worker.id}`}
          aria-current={isShown ? 'page' : undefined}
          className="truncate after:absolute after:inset-0 after:rounded-md"
          title={worker.name}
          {...ROW_FOCUS}
        >
          {worker.name}
        </Link>
        {of !== undefined && <span className="min-w-0 truncate text-small text-muted">{of}</span>}
      </span>
      {!isNarrow && (
        <span
          className={`min-w-0 flex-1 truncate text-muted max-sm:order-last max-sm:basis-full max-sm:pl-5 ${isLastKnown ? 'italic' : ''}`}
        >
          <SentenceText sentence={sentence} />
        </span>
      )}
      <ApproveButton worker={worker} />
      {!isNarrow && <WorkerStrip workerId={worker.id} className="max-lg:hidden" />}
      {!isNarrow && worker.process && (
        <span className="w-14 shrink-0 truncate text-right text-small text-muted max-lg:hidden">
          <span className="sr-only">version </span>
          {worker.process.versions.worker}
        </span>
      )}
    </div>
  )
}
