import { Button } from './Button'
import { useCopy } from './useCopy'

/** Text to copy as it is: a command, a token. Without the clipboard (plain http) it is selected instead. */
export function CopyCommand({ label, text }: { label: string; text: string }) {
  const { copy, outcome } = useCopy(text)
  return (
    <div
      role="group"
      aria-label={label}
      className="flex items-start gap-2 rounded-md border border-line bg-inset py-1 pr-1 pl-2.5"
    >
      <code className="min-w-0 flex-1 py-1 text-small break-all select-all">{text}</code>
      <Button look="quiet" onClick={copy} aria-label={`Copy ${label}`}>
        <span aria-live="polite">{outcome ?? 'Copy'}</span>
      </Button>
    </div>
  )
}
