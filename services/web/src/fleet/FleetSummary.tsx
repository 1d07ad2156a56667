import { Link } from 'wouter'
import { StatusShape } from '../components/StatusShape'
import { wordTone } from '../components/tones'
import { useDoubt } from '../detector/useDoubt'
import { countStatuses } from '../presence/countStatuses'
import { doubtedTone, marks } from '../presence/marks'
import { addressOf } from './list/FleetView'
import { useFleetView } from './list/useFleetView'
import { useAwaited, useFleet } from './useFleet'

/** How many workers are in which state, only states that somebody is in; each leads to those workers, and from there to all. */
export function FleetSummary() {
  const machines = useFleet()
  const awaited = useAwaited()
  const doubtAbout = useDoubt()
  const view = useFleetView()
  return (
    <ul aria-label="Workers by status" className="flex flex-wrap gap-x-4 text-small">
      {countStatuses(machines ?? []).map(({ word, count }) => {
        const doubt = doubtAbout(word)
        const tone = doubtedTone(marks[word].tone, doubt)
        return (
          <li key={word} className="flex">
            <Link
              href={addressOf({ ...view, status: view.status === word ? undefined : word })}
              aria-current={view.status === word ? 'true' : undefined}
              className={`flex items-center gap-1.5 rounded-md whitespace-nowrap underline-offset-4 hover:underline aria-[current]:underline ${wordTone[tone]}`}
            >
              <StatusShape shape={marks[word].shape} tone={tone} doubt={doubt} />
              <span>
                {count} {word}
                {doubt !== 'none' && <span className="sr-only">, {doubt}</span>}
              </span>
            </Link>
          </li>
        )
      })}
      {awaited > 0 && (
        <li className="text-muted">
          <span aria-hidden="true">…</span>
          <span className="sr-only">and more</span>
        </li>
      )}
    </ul>
  )
}
