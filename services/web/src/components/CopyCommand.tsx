import { SECOND } from '@rollcall/backend/contract'
import { useEffect, useState } from 'react'
import { Button } from './Button'

const SHOWN_FOR = 2 * SECOND

/** Text to copy as it is: a command, a token. Without the clipboard (plain http) it is selected instead. */
export function CopyCommand({ label, text }: { label: string; text: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'select it by hand'>()
  useEffect(() => {
    if (outcome === undefined) return
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      setOutcome('select it by hand')
    }
  }
  return (
    <div
      role="group"
      aria-label={label}
      className="flex items-start gap-2 rounded-md border border-line bg-inset py-1 pr-1 pl-2.5"
    >
      <code className="min-w-0 flex-1 py-1 text-small break-all select-all">{text}</code>
      <Button look="quiet" onClick={() => void copy()} aria-label={`Copy ${label}`}>
        <span aria-live="polite">{outcome ?? 'Copy'}</span>
      </Button>
    </div>
  )
}
