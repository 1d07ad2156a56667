import { SentenceText } from '../components/SentenceText'
import { StatusShape } from '../components/StatusShape'
import { describeEvent } from '../presence/describeEvent'
import type { WorkerEvent } from '../presence/WorkerView'

/** What happened, and below it the evidence. */
export function TimelineEvent({ event }: { event: WorkerEvent }) {
  const { shape, tone, title, evidence } = describeEvent(event)
  return (
    <li className="flex gap-2 py-1">
      <span className="flex h-5.5 items-center">
        <StatusShape shape={shape} tone={tone} />
      </span>
      <div className="min-w-0">
        <p className="wrap-anywhere">
          <SentenceText sentence={title} />
        </p>
        <p className="text-small text-muted">{evidence.join(' · ')}</p>
      </div>
    </li>
  )
}
