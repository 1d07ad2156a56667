import { useId, type KeyboardEvent, type ReactNode } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useDraft } from './useDraft'

interface Props {
  /** Where the draft is kept. */
  draftKey: string
  label: string
  placeholder: string
  action: string
  /** Where the message goes. */
  goesTo?: string
  /** Why nothing can be sent now. */
  reason: string | undefined
  onSend: (text: string) => Promise<void>
  children?: ReactNode
}

/** Where a message is written. Enter sends, Shift+Enter begins a line; what was not accepted stays. */
export function Composer({ draftKey, label, placeholder, action, goesTo, reason, onSend, children }: Props) {
  const id = useId()
  const [text, setText] = useDraft(draftKey)
  const { run, isRunning, problem, clear } = useTask(async (message: string) => {
    await onSend(message)
    setText('')
  })
  const maySend = reason === undefined && !isRunning && text.trim() !== ''
  const send = () => {
    if (maySend) run(text)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a character.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <textarea
        id={id}
        value={text}
        rows={2}
        readOnly={isRunning}
        placeholder={placeholder}
        aria-describedby={`${id}-note`}
        onChange={(event) => {
          setText(event.target.value)
          if (problem !== undefined) clear()
        }}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-60 min-h-16 w-full resize-none rounded-md border border-line-strong bg-surface px-3 py-2"
      />
      <Problem text={problem} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {children}
        <p
          id={`${id}-note`}
          className={`min-w-0 flex-1 text-small ${reason === undefined ? 'text-muted' : 'text-amber'}`}
        >
          {reason ?? goesTo}
        </p>
        <Button type="submit" look="primary" disabled={!maySend} isBusy={isRunning}>
          {isRunning ? 'Sending…' : action}
        </Button>
      </div>
    </form>
  )
}
