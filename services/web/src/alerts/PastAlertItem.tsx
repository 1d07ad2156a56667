import { alertSentence, alertTitle } from '@rollcall/backend/contract'
import { durationWords } from '../presence/timeWords'
import type { PastAlert } from './AlertView'
import { SpanText } from './SpanText'

/** One thing that was wrong: what, from when to when, and for how long. */
export function PastAlertItem({ alert }: { alert: PastAlert }) {
  const { rule, subject, openedAt, resolvedAt = openedAt, evidence } = alert
  return (
    <li className="flex flex-col border-b border-line py-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="min-w-0 wrap-anywhere">{alertTitle(rule, subject)}</span>
        <span className="text-small text-muted">
          <SpanText from={openedAt} to={resolvedAt} />, for {durationWords(resolvedAt - openedAt)}
        </span>
      </div>
      <p className="text-small text-muted wrap-anywhere">{alertSentence(evidence)}</p>
    </li>
  )
}
