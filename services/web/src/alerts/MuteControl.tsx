import { api } from '@rollcall/backend/api'
import { alertTitle, HOUR } from '@rollcall/backend/contract'
import { useMutation } from 'convex/react'
import { useState } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import type { OpenAlert } from './AlertView'
import { MutedNote } from './MutedNote'
import { muteTerms } from './mutes'
import { useIsMuted } from './useIsMuted'

/**
 * Whether others are told of the alert, and for who may, the end or the beginning of that. The button keeps the focus: it is the
 * same for both, and not disabled meanwhile.
 */
export function MuteControl({ alert }: { alert: OpenAlert }) {
  const mute = useMutation(api.alerts.mute)
  const whyNot = useWhyNotNow()
  const [term, setTerm] = useState<number>(HOUR)
  const isMuted = useIsMuted(alert)
  const { run, problem } = useTask(async () => {
    await mute({ alertId: alert.id, forMs: isMuted ? 0 : term })
  })
  const title = alertTitle(alert.rule, alert.subject)
  const action = isMuted ? 'Unmute' : 'Mute'
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <p role="status" className="text-muted empty:hidden">
        {isMuted && alert.mute && <MutedNote mute={alert.mute} />}
      </p>
      {alert.mayMute && !isMuted && (
        <select
          aria-label={`How long to mute: ${title}`}
          value={term}
          onChange={(event) => setTerm(Number(event.target.value))}
          className="h-7 min-w-0 rounded-md border border-line-strong bg-surface px-1.5"
        >
          {muteTerms.map(([ms, words]) => (
            <option key={ms} value={ms}>
              {words}
            </option>
          ))}
        </select>
      )}
      {alert.mayMute && (
        <Button onClick={() => run()} whyNot={whyNot} aria-label={`${action}: ${title}`}>
          {action}
        </Button>
      )}
      <Problem text={problem} />
    </div>
  )
}
