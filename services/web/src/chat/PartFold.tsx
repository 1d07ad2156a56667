import type { ReactNode } from 'react'
import { StatusShape } from '../components/StatusShape'
import { wordTone } from '../components/tones'
import { useShownState, type State } from './useShownState'

interface Props {
  state: State
  isRunning: boolean
  /** What stands in its line after shape and word. */
  line?: ReactNode
  children: ReactNode
}

/** Something that is done on the way to an answer: open while it runs, then folded to its line until somebody looks into it. */
export function PartFold({ state, isRunning, line, children }: Props) {
  const { word, ...shown } = useShownState(state)
  return (
    <details open={isRunning} className="group">
      <summary className="-mx-2 flex min-h-7 cursor-pointer list-none items-center gap-2 rounded-md px-2 text-small text-muted hover:bg-hover [&::-webkit-details-marker]:hidden">
        <StatusShape {...shown} />
        <span className={`shrink-0 ${wordTone[shown.tone]}`}>{word}</span>
        {line}
        <svg
          viewBox="0 0 12 12"
          className="ml-auto size-3 shrink-0 group-open:rotate-90"
          fill="currentColor"
          aria-hidden="true"
        >
          <path d="M3.5 1.5v9l6-4.5z" />
        </svg>
      </summary>
      <div className="mt-0.5 mb-2 ml-1.25 flex flex-col gap-2 border-l-2 border-line pl-3.5 text-small">
        {children}
      </div>
    </details>
  )
}
