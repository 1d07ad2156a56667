import { SECOND } from '@rollcall/backend/contract'
import { useEffect, useState } from 'react'

const SHOWN_FOR = 2 * SECOND

/** Copies a text, and tells for 2 s what came of it. Without the clipboard (plain http) it has to be selected by hand. */
export function useCopy(text: string): {
  copy: () => void
  outcome: 'copied' | 'select it by hand' | undefined
} {
  const [outcome, setOutcome] = useState<'copied' | 'select it by hand'>()
  useEffect(() => {
    if (outcome === undefined) return
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [outcome])
  const write = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      setOutcome('select it by hand')
    }
  }
  return { copy: () => void write(), outcome }
}
