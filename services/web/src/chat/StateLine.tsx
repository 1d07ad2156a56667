import type { ReactNode } from 'react'
import { StatusShape } from '../components/StatusShape'
import { wordTone } from '../components/tones'
import { useShownState, type State } from './useShownState'

interface Props extends Omit<State, 'isOpen'> {
  isOpen?: boolean
  /** What there is to say about it. */
  rest?: ReactNode
  /** What can be done about it. */
  action?: ReactNode
}

/** Where an answer stands: shape, word and why, and what can be done about it. */
export function StateLine({ shape, tone, word, isOpen = false, rest, action }: Props) {
  const shown = useShownState({ shape, tone, word, isOpen })
  return (
    <div className="flex items-start gap-3">
      <p className={`flex min-w-0 items-start gap-2 ${wordTone[shown.tone]}`}>
        <span className="flex h-5.5 items-center">
          <StatusShape {...shown} />
        </span>
        <span className="min-w-0 wrap-anywhere">
          <strong>{shown.word}</strong>
          {rest === undefined || rest === '' ? '' : ': '}
          {rest}
        </span>
      </p>
      {action}
    </div>
  )
}
