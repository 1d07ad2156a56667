import { StatusShape } from '../components/StatusShape'
import { wordTone } from '../components/tones'
import { useDoubt } from '../detector/useDoubt'
import { countStatuses } from '../presence/countStatuses'
import { doubtedTone, marks } from '../presence/marks'
import { useFleet } from './useFleet'

/** How many workers are in which state; only states that somebody is in. */
export function FleetSummary() {
  const machines = useFleet()
  const doubtAbout = useDoubt()
  return (
    <ul aria-label="Workers by status" className="flex flex-wrap gap-x-4 text-small">
      {countStatuses(machines ?? []).map(({ word, count }) => {
        const doubt = doubtAbout(word)
        const tone = doubtedTone(marks[word].tone, doubt)
        return (
          <li key={word} className={`flex items-center gap-1.5 whitespace-nowrap ${wordTone[tone]}`}>
            <StatusShape shape={marks[word].shape} tone={tone} doubt={doubt} />
            <span>
              {count} {word}
              {doubt !== 'none' && <span className="sr-only">, {doubt}</span>}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
