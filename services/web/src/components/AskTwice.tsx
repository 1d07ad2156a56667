import { useId, useState } from 'react'
import { useWhyNotNow } from '../connection/useConnection'
import { Button } from './Button'
import { Problem } from './Problem'
import { useTask } from './useTask'

/** A button for what cannot be taken back: it first says what will happen, and is asked again. */
export function AskTwice({
  action,
  confirm,
  warning,
  onConfirm,
  className = '',
  label = action,
}: {
  action: string
  confirm: string
  /** One sentence. */
  warning?: string
  onConfirm: () => Promise<void>
  className?: string
  /** For screen readers, where the word alone does not say what it is about. */
  label?: string
}) {
  const [isAsking, setIsAsking] = useState(false)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(onConfirm)
  const warningId = useId()
  if (!isAsking) {
    return (
      <Button
        look="quiet"
        className={className}
        onClick={() => setIsAsking(true)}
        whyNot={whyNot}
        aria-label={label}
      >
        {action}
      </Button>
    )
  }
  return (
    <span className="flex flex-wrap items-center justify-end gap-2">
      <Problem text={problem} />
      {warning !== undefined && (
        <span id={warningId} className="text-small text-muted">
          {warning}
        </span>
      )}
      <span className="flex gap-2">
        <Button
          ref={focus}
          onClick={() => run()}
          isBusy={isRunning}
          whyNot={whyNot}
          onKeyDown={(event) => event.key === 'Escape' && setIsAsking(false)}
          {...(warning !== undefined && { 'aria-describedby': warningId })}
        >
          {confirm}
        </Button>
        <Button look="quiet" onClick={() => setIsAsking(false)}>
          Keep
        </Button>
      </span>
    </span>
  )
}

/** It takes the place of the button that had the focus. */
function focus(button: HTMLButtonElement | null): void {
  button?.focus()
}
