import { MomentText } from '../components/MomentText'
import type { WorkerView } from '../presence/WorkerView'
import { Answer } from './Answer'
import type { ChatMessage } from './ChatMessage'

const edges: Partial<Record<ChatMessage['status'], string>> = {
  failed: 'border-l-2 border-red pl-3',
  interrupted: 'border-l-2 border-dashed border-amber pl-3',
}

interface Props {
  message: ChatMessage
  worker: WorkerView
  /** Whether it is an answer that can be asked for again, if it ended too early. */
  mayRetry: boolean
}

/** One message, by whom it is from. */
export function Message({ message, worker, mayRetry }: Props) {
  const { role, text, status, createdAt } = message
  if (role === 'system') {
    return (
      <li className="flex items-center gap-3 text-small text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        <span>{text}</span>
      </li>
    )
  }
  return (
    <li className={`flex flex-col gap-1 ${edges[status] ?? ''}`} data-message-status={status}>
      <p className="flex items-baseline gap-2 text-small text-muted">
        <span className="font-semibold">{role === 'user' ? 'You' : worker.name}</span>
        <MomentText moment={{ kind: 'point', at: createdAt }} />
      </p>
      {role === 'user' ? (
        <p className="rounded-lg bg-inset px-3 py-2 wrap-anywhere whitespace-pre-wrap">{text}</p>
      ) : (
        <Answer message={message} worker={worker} mayRetry={mayRetry} />
      )}
    </li>
  )
}
