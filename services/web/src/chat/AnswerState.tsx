import type { WorkerView } from '../presence/WorkerView'
import type { ChatMessage } from './ChatMessage'
import { ModelRetry } from './ModelRetry'
import { StateLine } from './StateLine'
import { StopAnswer } from './StopAnswer'

interface Props {
  message: ChatMessage
  worker: WorkerView
  /** Not something else on the way to the answer. */
  isWriting: boolean
}

/** Where an answer stands, below its text, with the way to stop it. A completed one needs no word. */
export function AnswerState({ message, worker, isWriting }: Props) {
  const { status, text, cause, modelRetry, hasParts } = message
  const underWay = {
    isOpen: true,
    action: worker.role !== 'viewer' && <StopAnswer message={message} workerName={worker.name} />,
  }
  switch (status) {
    case 'completed':
      if (text !== '') return null
      return <p className="text-muted">{hasParts ? 'Nothing was written.' : 'The answer is empty.'}</p>
    case 'queued':
      return <StateLine shape="○" tone="grey" word="Queued" rest={queuedWords(worker)} {...underWay} />
    case 'claimed':
      if (modelRetry) return <ModelRetry retry={modelRetry} {...underWay} />
      return (
        <StateLine shape="◐" tone="blue" word="Working" rest={`${worker.name} has taken it.`} {...underWay} />
      )
    case 'streaming':
      if (modelRetry) return <ModelRetry retry={modelRetry} {...underWay} />
      return <StateLine shape="◐" tone="blue" word={isWriting ? 'Writing' : 'Working'} {...underWay} />
    case 'failed':
      return <StateLine shape="✕" tone="red" word="Failed" rest={cause} />
    case 'interrupted': {
      const kept = text === '' ? 'Nothing was written.' : 'What was written is kept.'
      const rest = [cause, kept].filter(Boolean).join(' ')
      return <StateLine shape="◌" tone="amber" word="Interrupted" rest={rest} />
    }
    default:
      return status satisfies never
  }
}

function queuedWords({ name, status, phase }: WorkerView): string {
  if (status === 'offline') return `${name} is offline; it will be answered when it is back.`
  if (phase === 'draining') return `${name} is shutting down; it will be answered when it is back.`
  return `${name} has not taken it yet.`
}
