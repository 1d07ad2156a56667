import { useId, useState } from 'react'
import { InvitationMaker } from '../people/InvitationMaker'
import { roleWords, type SharedRole } from '../people/roleWords'
import type { MachineView } from '../presence/WorkerView'

/** The one that gives away least comes first. */
const roles = ['viewer', 'operator'] as const satisfies SharedRole[]

/** Makes a link that gives one person a role on the machine. */
export function ShareByLink({ machine }: { machine: MachineView }) {
  const [role, setRole] = useState<SharedRole>('viewer')
  const id = useId()
  return (
    <InvitationMaker
      share={{ machineId: machine.id, role }}
      label="Share with somebody"
      linkLabel="sharing link"
      note={`Send this link to one person: whoever accepts it ${roleWords[role].choice}. It works once, within 7 days, and is shown this once; they need an account here.`}
      action="Share by a link"
      actionAgain="Share by another link"
    >
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={id}>Whoever accepts</label>
        <select
          id={id}
          value={role}
          aria-describedby={`${id}-meaning`}
          onChange={(event) => setRole(event.target.value as SharedRole)}
          className="h-7 min-w-0 rounded-md border border-line-strong bg-surface px-1.5"
        >
          {roles.map((each) => (
            <option key={each} value={each}>
              {roleWords[each].choice}
            </option>
          ))}
        </select>
      </div>
      <p id={`${id}-meaning`} className="text-small text-muted">
        {roleWords[role].forOwner}
      </p>
    </InvitationMaker>
  )
}
