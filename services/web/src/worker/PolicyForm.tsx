import { api } from '@rollcall/backend/api'
import type { PolicyChoice } from '@rollcall/backend/contract'
import { useMutation } from 'convex/react'
import { useId, useRef, useState } from 'react'
import { wordsForError } from '../app/wordsForError'
import { Problem } from '../components/Problem'
import { useWhyNotNow } from '../connection/useConnection'
import type { WorkerView } from '../presence/WorkerView'
import { policyChoices, policyWords } from './policyWords'

/** The latest choice: being saved, saved, or refused. */
type Saving = { wanted?: PolicyChoice; isSaved?: true; problem?: string }

/** A choice is saved as it is made, several in a row each after the other. */
export function PolicyForm({ worker }: { worker: WorkerView }) {
  const setPolicy = useMutation(api.workerAccess.setPolicy)
  const whyNot = useWhyNotNow()
  const id = useId()
  const [saving, setSaving] = useState<Saving>({})
  const choices = useRef(0)
  const chosen = saving.wanted ?? worker.policy ?? 'asSetUp'
  const choose = (wanted: PolicyChoice) => {
    if (whyNot !== undefined) return
    const choice = (choices.current += 1)
    const tell = (outcome: Saving) => {
      if (choice === choices.current) setSaving(outcome)
    }
    setSaving({ wanted })
    setPolicy({ workerId: worker.id, policy: wanted }).then(
      () => tell({ isSaved: true }),
      (error: unknown) => tell({ problem: wordsForError(error) }),
    )
  }
  return (
    <fieldset
      aria-describedby={`${id}-note`}
      aria-busy={saving.wanted !== undefined}
      className="flex flex-col gap-2"
      title={whyNot}
    >
      <legend className="sr-only">{`What ${worker.name} may do`}</legend>
      {policyChoices.map((choice) => (
        <label
          key={choice}
          className={`flex items-baseline gap-2 ${whyNot === undefined ? '' : 'cursor-not-allowed opacity-50'}`}
        >
          <input
            type="radio"
            name={id}
            checked={choice === chosen}
            onChange={() => choose(choice)}
            aria-disabled={whyNot !== undefined}
            aria-labelledby={`${id}-${choice}`}
            aria-describedby={`${id}-${choice}-meaning`}
          />
          <span className="min-w-0">
            <span id={`${id}-${choice}`}>{policyWords[choice].choice}</span>
            <span id={`${id}-${choice}-meaning`} className="block text-small text-muted">
              {policyWords[choice].meaning}
            </span>
          </span>
        </label>
      ))}
      <p id={`${id}-note`} className="text-small text-muted">
        {whyNot ?? 'Holds from its next answer on.'}
      </p>
      <p role="status" className="text-muted empty:hidden">
        {saving.wanted !== undefined && 'Saving…'}
        {saving.isSaved && 'Saved.'}
      </p>
      <Problem text={saving.problem} />
    </fieldset>
  )
}
