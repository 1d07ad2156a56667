import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useQuery } from 'convex/react'
import { Link } from 'wouter'
import { prefetchChat } from '../chat/LazyChat'
import { Loading } from '../components/Loading'
import { MomentText } from '../components/MomentText'
import { ChatProgress } from './ChatProgress'

/** The user's chats with a worker, newest first, each with how far it is. */
export function ChatList({ workerId }: { workerId: Id<'workers'> }) {
  const sessions = useQuery(api.chat.listSessions, { workerId })
  if (sessions === undefined) return <Loading what="the chats" />
  if (sessions.length === 0) return null
  return (
    <ul aria-label="Chats">
      {sessions.map(({ id, title, status, progress, lastMessageAt }) => (
        <li
          key={id}
          className="relative flex min-h-9 items-center gap-3 border-b border-line px-2 hover:bg-hover"
        >
          <Link
            href={`/workers/${workerId}/chats/${id}`}
            onPointerEnter={prefetchChat}
            onFocus={prefetchChat}
            className="min-w-0 flex-1 truncate after:absolute after:inset-0"
          >
            {title}
          </Link>
          <ChatProgress status={status} {...(progress && { progress })} />
          <span className="shrink-0 text-small text-muted">
            <MomentText moment={{ kind: 'point', at: lastMessageAt }} />
          </span>
        </li>
      ))}
    </ul>
  )
}
