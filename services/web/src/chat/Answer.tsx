import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import type { WorkerView } from '../presence/WorkerView'
import { AnswerBody } from './AnswerBody'
import { isAtWork } from './AnswerPart'
import { AnswerState } from './AnswerState'
import type { ChatMessage } from './ChatMessage'
import { TryAgain } from './TryAgain'
import { usageWords } from './usageWords'

interface Props {
  message: ChatMessage
  worker: WorkerView
  /** Whether it can be asked for again, if it ended too early. */
  mayRetry: boolean
}

/** What a worker answers: what it did and wrote, where that stands, what it cost, and what can be done about it. */
export function Answer({ message, worker, mayRetry }: Props) {
  const { id, text, status, beganAnew, hasParts, modelRetry, usage } = message
  const parts = useQuery(api.chat.parts, hasParts ? { messageId: id } : 'skip') ?? []
  const isWriting = status === 'streaming' && modelRetry === undefined && !parts.some(isAtWork)
  const endedEarly = status === 'failed' || status === 'interrupted'
  return (
    <>
      {beganAnew && (
        <p className="text-small text-muted">
          opencode no longer had this conversation: it answers without what was said before.
        </p>
      )}
      <AnswerBody text={text} parts={parts} isWriting={isWriting} />
      <AnswerState message={message} worker={worker} isWriting={isWriting} />
      {usage && <p className="text-small text-muted">{usageWords(usage)}</p>}
      {endedEarly && mayRetry && <TryAgain messageId={id} worker={worker} />}
    </>
  )
}
