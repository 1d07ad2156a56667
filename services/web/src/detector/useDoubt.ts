import { useIsLastKnown } from '../connection/useConnection'
import { doubtAbout, type Doubt, type StatusWord } from '../presence/marks'
import { useIsSweepLate } from './useDetector'

/** Tells for any status what the page has to admit about it now. */
export function useDoubt(): (word: StatusWord) => Doubt {
  const isLastKnown = useIsLastKnown()
  const isSweepLate = useIsSweepLate()
  return (word) => doubtAbout(word, { isLastKnown, isSweepLate })
}
