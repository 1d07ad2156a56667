import { alertSentence, alertTitle } from '@rollcall/backend/contract'
import { useId } from 'react'
import { MomentText } from '../components/MomentText'
import { AlertMark } from './AlertMark'
import { alertMark } from './alertMarks'
import type { OpenAlert } from './AlertView'
import { EvidenceDetails } from './EvidenceDetails'
import { MuteControl } from './MuteControl'
import { useIsMuted } from './useIsMuted'

/** One thing that is wrong: what, since when, by which evidence, and whether others are told of it. */
export function OpenAlertItem({ alert }: { alert: OpenAlert }) {
  const { rule, subject, openedAt, evidence } = alert
  const isMuted = useIsMuted(alert)
  const id = useId()
  return (
    <li aria-labelledby={id} className="flex flex-col gap-x-3 gap-y-1 border-b border-line py-3 sm:flex-row">
      <span className="w-20 shrink-0">
        <AlertMark {...alertMark(rule, isMuted)} word={isMuted ? 'muted' : 'open'} />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div className="flex flex-col">
          <div className="flex flex-wrap items-baseline justify-between gap-x-3">
            <h3 id={id} className="min-w-0 font-semibold wrap-anywhere">
              {alertTitle(rule, subject)}
            </h3>
            <span className="text-small text-muted">
              <MomentText moment={{ kind: 'since', at: openedAt }} />
            </span>
          </div>
          <p className="wrap-anywhere">{alertSentence(evidence)}</p>
        </div>
        <EvidenceDetails evidence={evidence} subject={subject} />
        <MuteControl alert={alert} />
      </div>
    </li>
  )
}
