import type { Id } from '@rollcall/backend/dataModel'
import { lazy, Suspense } from 'react'
import { Loading } from '../components/Loading'
import { ChatMissing } from './ChatMissing'

/** Chats and their markdown are a file of their own: whoever only looks at the fleet does not load it. */
const ChatPane = lazy(() =>
  import('./ChatPane').then(
    (chat) => ({ default: chat.ChatPane }),
    () => ({ default: ChatMissing }),
  ),
)

export function LazyChat({ sessionId }: { sessionId: Id<'sessions'> }) {
  return (
    <Suspense fallback={<Loading what="the chat" />}>
      <ChatPane sessionId={sessionId} />
    </Suspense>
  )
}

/** For a chat that is about to be opened. */
export function prefetchChat(): void {
  // Whoever opens it is told what is wrong.
  import('./ChatPane').catch(() => undefined)
}
