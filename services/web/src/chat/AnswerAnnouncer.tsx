import { useState } from 'react'
import type { ChatMessage } from './ChatMessage'

/** Tells screen readers how the newest answer ended: once, politely, never its text as it grows. */
export function AnswerAnnouncer({ messages, workerName }: { messages: ChatMessage[]; workerName: string }) {
  const newest = messages.findLast(({ role }) => role === 'assistant')
  const isRunning = newest !== undefined && ['queued', 'claimed', 'streaming'].includes(newest.status)
  const [awaited, setAwaited] = useState<string>()
  if (isRunning && awaited !== newest.id) setAwaited(newest.id)
  return (
    <div role="status" className="sr-only">
      {newest !== undefined && !isRunning && awaited === newest.id && endingWords(newest, workerName)}
    </div>
  )
}

function endingWords({ status, cause }: ChatMessage, workerName: string): string {
  if (status === 'completed') return `${workerName} has answered.`
  return `The answer of ${workerName} ${status === 'failed' ? 'failed' : 'was interrupted'}. ${cause ?? ''}`
}
