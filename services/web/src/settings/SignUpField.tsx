import { useId } from 'react'

/** Whether strangers may make an account. */
export function SignUpField({ isOpen, onChange }: { isOpen: boolean; onChange: (isOpen: boolean) => void }) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          name="isSignUpOpen"
          checked={isOpen}
          onChange={(event) => onChange(event.target.checked)}
          aria-describedby={id}
        />
        Anybody may make an account
      </label>
      <span id={id} className="text-small text-muted">
        Otherwise it takes an invitation from the People page. Default: it takes an invitation.
      </span>
    </div>
  )
}
