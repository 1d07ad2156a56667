import type { AlertEvidence } from '@rollcall/backend/contract'
import { MomentText } from '../components/MomentText'

type Crashes = Extract<AlertEvidence, { rule: 'crashes' }>

/** Who crashed last, newest first. */
export function RecentCrashes({ recent }: Pick<Crashes, 'recent'>) {
  if (recent.length === 0) return null
  return (
    <ul aria-label="The last crashes" className="flex flex-col gap-y-0.5 text-small">
      {recent.map(({ machine, worker, at, message }, index) => (
        <li key={index} className="wrap-anywhere">
          {worker} on {machine}{' '}
          <span className="text-muted">
            <MomentText moment={{ kind: 'point', at }} />
            {message !== undefined && `: ${message}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
