import { useState } from 'react'
import { isUnderWay, type ChatMessage } from './ChatMessage'

/** Tells screen readers how answers ended that were under way: once, politely, never their text as it grows. */
export function AnswerAnnouncer({ messages, workerName }: { messages: ChatMessage[]; workerName: string }) {
  const [told, setTold] = useState<{ underWay: ReadonlySet<string>; words: string }>({
    underWay: new Set(),
    words: '',
  })
  const underWay = new Set<string>(messages.filter(isUnderWay).map(({ id }) => id))
  const ended = messages.filter(({ id }) => told.underWay.has(id) && !underWay.has(id))
  const isNewOne = [...underWay].some((id) => !told.underWay.has(id))
  if (ended.length > 0)
    setTold({ underWay, words: ended.map((answer) => endingWords(answer, workerName)).join(' ') })
  // The same words again are read out only if there was silence between.
  else if (isNewOne) setTold({ underWay, words: '' })
  return (
    <div role="status" className="sr-only">
      {told.words}
    </div>
  )
}

function endingWords({ status, cause = '' }: ChatMessage, workerName: string): string {
  if (status === 'completed') return `${workerName} has answered.`
  return `The answer of ${workerName} ${status === 'failed' ? 'failed' : 'was interrupted'}. ${cause}`
}
