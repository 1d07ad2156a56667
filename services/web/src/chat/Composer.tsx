import { useId, type KeyboardEvent, type ReactNode } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import type { Sending, When } from './judgeSending'
import { useDraft } from './useDraft'

interface Props {
  /** Where the draft is kept. */
  draftKey: string
  label: string
  placeholder: string
  /** What the button says, by when the message will be answered. */
  actions: Record<When, string>
  /** Where the message goes. */
  goesTo?: string
  sending: Sending
  onSend: (text: string, when: When) => Promise<void>
  children?: ReactNode
}

/** Where a message is written. Enter sends, Shift+Enter begins a line; what was not accepted stays. */
export function Composer({
  draftKey,
  label,
  placeholder,
  actions,
  goesTo,
  sending,
  onSend,
  children,
}: Props) {
  const id = useId()
  const [text, setText] = useDraft(draftKey)
  const { run, isRunning, problem, clear } = useTask(async (message: string, when: When) => {
    await onSend(message, when)
    setText('')
  })
  const isWritten = !isRunning && text.trim() !== ''
  const send = () => {
    if (isWritten && sending.kind !== 'not') run(text, sending.kind)
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
          className={`min-w-0 flex-1 text-small ${sending.kind === 'not' ? 'text-amber' : 'text-muted'}`}
        >
          {noteOn(sending, goesTo)}
        </p>
        <Button
          type="submit"
          look="primary"
          disabled={!isWritten || sending.kind === 'not'}
          isBusy={isRunning}
        >
          {isRunning ? 'Sending…' : actions[sending.kind === 'later' ? 'later' : 'now']}
        </Button>
      </div>
    </form>
  )
}

function noteOn(sending: Sending, goesTo: string | undefined): string | undefined {
  switch (sending.kind) {
    case 'now':
      return goesTo
    case 'later':
      return sending.note
    case 'not':
      return sending.reason
    default:
      return sending satisfies never
  }
}
