import { useId, useState, type ReactNode } from 'react'
import { useWhyNotNow } from '../connection/useConnection'
import { Button } from './Button'
import type { ButtonLook } from './buttonLook'
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
  look = 'quiet',
  align = 'end',
  children,
}: {
  action: string
  confirm: string
  /** One sentence. */
  warning?: string
  onConfirm: () => Promise<void>
  className?: string
  /** For screen readers, where the word alone does not say what it is about. */
  label?: string
  /** Of the button that begins it. */
  look?: ButtonLook
  /** Of the question in its place; at the start, it has lines of its own. */
  align?: 'start' | 'end'
  /** What can be chosen before it is confirmed. */
  children?: ReactNode
}) {
  const [isAsking, setIsAsking] = useState(false)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(onConfirm)
  const warningId = useId()
  if (!isAsking) {
    return (
      <Button
        look={look}
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
    <span
      className={`flex flex-wrap items-center gap-2 ${align === 'end' ? 'justify-end' : 'basis-full gap-x-4'}`}
    >
      <Problem text={problem} />
      {warning !== undefined && (
        <span id={warningId} className="text-small text-muted">
          {warning}
        </span>
      )}
      {children}
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
