import { api } from '@rollcall/backend/api'
import { usePaginatedQuery } from 'convex/react'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { scrollsByKeyboard } from '../components/scrollsByKeyboard'
import type { WorkerView } from '../presence/WorkerView'
import { AnswerAnnouncer } from './AnswerAnnouncer'
import type { ChatView } from './ChatView'
import { Message } from './Message'
import { useStickToBottom } from './useStickToBottom'

const PAGE = 30

/** The history, oldest at the top. Follows what is being written only while its end is in view. */
export function MessageList({ session, worker }: { session: ChatView; worker: WorkerView }) {
  const { results, status, loadMore } = usePaginatedQuery(
    api.chat.listMessages,
    { sessionId: session.id },
    { initialNumItems: PAGE },
  )
  const messages = results.toReversed()
  const newest = messages.at(-1)
  const lastSaid = messages.findLast(({ role }) => role !== 'system')
  const { scroller, isAtEnd, scrollToEnd } = useStickToBottom(
    `${newest?.id ?? ''} ${newest?.status ?? ''} ${newest?.text.length ?? 0}`,
    messages[0]?.id,
    messages.findLast(({ role }) => role === 'user')?.id,
  )
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="region"
        aria-label="History"
        tabIndex={scrollsByKeyboard}
        className="h-full overflow-y-auto px-4 py-4 -outline-offset-2"
      >
        <div className="mx-auto flex max-w-prose flex-col gap-5">
          {status === 'LoadingFirstPage' && <Loading what="the messages" />}
          {(status === 'CanLoadMore' || status === 'LoadingMore') && (
            <Button className="self-center" isBusy={status === 'LoadingMore'} onClick={() => loadMore(PAGE)}>
              Show earlier
            </Button>
          )}
          {status === 'Exhausted' && messages.length === 0 && (
            <p className="text-muted">Nothing was said yet. {worker.name} answers what you write below.</p>
          )}
          <ol aria-label="Messages" className="flex flex-col gap-5">
            {messages.map((message) => (
              <Message
                key={message.id}
                message={message}
                worker={worker}
                mayRetry={session.status !== 'ended' && message === lastSaid}
              />
            ))}
          </ol>
        </div>
      </div>
      {!isAtEnd && (
        <Button className="absolute bottom-3 left-1/2 -translate-x-1/2" onClick={scrollToEnd}>
          ↓ To the latest
        </Button>
      )}
      <AnswerAnnouncer messages={messages} workerName={worker.name} />
    </div>
  )
}
