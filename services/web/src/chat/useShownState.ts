import { useIsLastKnown } from '../connection/useConnection'
import type { Doubt, Shape, Tone } from '../presence/marks'

/** A state of an answer, or of what is done for it. */
export interface State {
  shape: Shape
  tone: Tone
  word: string
  /** Whether it can still change; then it is only last known while the page is disconnected. */
  isOpen: boolean
}

/** The state as it has to be shown now: grey and "last known" while nobody knows whether it still holds. */
export function useShownState({
  shape,
  tone,
  word,
  isOpen,
}: State): Omit<State, 'isOpen'> & { doubt: Doubt } {
  const isLastKnown = useIsLastKnown() && isOpen
  if (!isLastKnown) return { shape, tone, word, doubt: 'none' }
  return { shape, tone: 'grey', word: `Last known: ${word.toLowerCase()}`, doubt: 'last known' }
}
