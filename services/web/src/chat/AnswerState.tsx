import type { ReactNode } from 'react'
import { StatusShape } from '../components/StatusShape'
import { wordTone } from '../components/tones'
import { useIsLastKnown } from '../connection/useConnection'
import type { Shape, Tone } from '../presence/marks'
import type { ChatMessage } from './ChatMessage'

/** Where an answer stands, below its text. A completed one needs no word. */
export function AnswerState({ message, workerName }: { message: ChatMessage; workerName: string }) {
  const { status, text, cause } = message
  switch (status) {
    case 'completed':
      return text === '' ? <p className="text-muted">The answer is empty.</p> : null
    case 'queued':
      return <State shape="○" tone="grey" word="Queued" rest={`${workerName} has not taken it yet.`} isOpen />
    case 'claimed':
      return <State shape="◐" tone="blue" word="Working" rest={`${workerName} has taken it.`} isOpen />
    case 'streaming':
      return <State shape="◐" tone="blue" word="Writing" isOpen />
    case 'failed':
      return <State shape="✕" tone="red" word="Failed" rest={cause} />
    case 'interrupted':
      return (
        <State
          shape="◌"
          tone="amber"
          word="Interrupted"
          rest={[cause, text === '' ? 'Nothing was written yet.' : 'What was written is kept.']
            .filter(Boolean)
            .join(' ')}
        />
      )
    default:
      return status satisfies never
  }
}

interface StateProps {
  shape: Shape
  tone: Tone
  word: string
  rest?: ReactNode
  /** Whether it can still change; then it is only last known while the page is disconnected. */
  isOpen?: boolean
}

function State({ shape, tone, word, rest, isOpen = false }: StateProps) {
  const isLastKnown = useIsLastKnown() && isOpen
  const shown = isLastKnown ? 'grey' : tone
  return (
    <p className={`flex items-start gap-2 ${wordTone[shown]}`}>
      <span className="flex h-5.5 items-center">
        <StatusShape shape={shape} tone={shown} doubt={isLastKnown ? 'last known' : 'none'} />
      </span>
      <span className="min-w-0 wrap-anywhere">
        <strong>{isLastKnown ? `Last known: ${word.toLowerCase()}` : word}</strong>
        {rest === undefined || rest === '' ? '' : ': '}
        {rest}
      </span>
    </p>
  )
}
