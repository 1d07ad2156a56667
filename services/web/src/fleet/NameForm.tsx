import { limits } from '@rollcall/backend/contract'
import { useId, useState, type ReactNode, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'

interface Props {
  label: string
  placeholder: string
  action: string
  onSubmit: (name: string) => Promise<void>
  onCancel: () => void
  /** What else is asked, in the same line. */
  children?: ReactNode
}

/** Asks for one name in one line. Escape cancels; what was typed stays when it is refused. */
export function NameForm({ label, placeholder, action, onSubmit, onCancel, children }: Props) {
  const id = useId()
  const [name, setName] = useState('')
  const { run, isRunning, problem } = useTask(onSubmit)
  const whyNot = useWhyNotNow()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (whyNot === undefined) run(name)
  }
  return (
    <form className="flex min-w-0 flex-col gap-1" onSubmit={submit}>
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <label htmlFor={id} className="text-small text-muted">
          {label}
        </label>
        <input
          id={id}
          ref={focus}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onCancel()}
          maxLength={limits.nameLength}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          className="h-7 w-44 min-w-0 rounded-md border border-line-strong bg-surface px-2"
        />
        {children}
        <Button type="submit" look="primary" isBusy={isRunning} disabled={name.trim() === ''} whyNot={whyNot}>
          {action}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      {whyNot !== undefined && <p className="text-small text-amber">{whyNot}</p>}
      <Problem text={problem} />
    </form>
  )
}

/** The form appears because a person asked for it: they want to type at once. */
function focus(input: HTMLInputElement | null): void {
  input?.focus()
}
