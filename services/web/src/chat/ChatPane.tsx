import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation, useQuery } from 'convex/react'
import { Link } from 'wouter'
import { PageTitle } from '../app/PageTitle'
import { Loading } from '../components/Loading'
import { useConnection } from '../connection/useConnection'
import { RequestList } from '../requests/RequestList'
import { ChatHeading } from './ChatHeading'
import { Composer } from './Composer'
import { judgeSending } from './judgeSending'
import { MessageList } from './MessageList'

/** A chat with a worker: its history, what is being written, and where the next message is written. */
export function ChatPane({ sessionId }: { sessionId: Id<'sessions'> }) {
  const session = useQuery(api.chat.getSession, { sessionId })
  // The worker that the chat is with, whatever the address says.
  const worker = useQuery(api.workers.get, session ? { workerId: session.workerId } : 'skip')
  const sendMessage = useMutation(api.chat.sendMessage)
  const connection = useConnection()
  if (session === undefined || worker === undefined) return <Loading what="the chat" />
  const place = worker.process ? ` on ${worker.process.hostname}, in ${worker.process.directory}` : ''
  return (
    <main aria-label={`Chat ${session.title}`} className="flex min-w-0 flex-1 flex-col">
      <PageTitle name={session.title} worker={worker} />
      <ChatHeading session={session} worker={worker} />
      <MessageList session={session} worker={worker} />
      <div className="border-t border-line px-4 py-3">
        <div className="mx-auto flex max-w-prose flex-col gap-3">
          {worker.role !== 'viewer' && <RequestList sessionId={sessionId} workerName={worker.name} />}
          {session.status === 'ended' ? (
            <p className="text-muted">
              This chat has ended.{' '}
              <Link href={`/workers/${worker.id}`} className="text-accent underline underline-offset-2">
                Start a new one with {worker.name}
              </Link>
            </p>
          ) : (
            <Composer
              draftKey={sessionId}
              label={`Message to ${worker.name}`}
              placeholder={`Message ${worker.name}`}
              actions={{ now: 'Send', later: 'Send for later' }}
              goesTo={`Goes to ${worker.name}${place}`}
              sending={judgeSending(worker, connection)}
              onSend={async (text, when) => {
                await sendMessage({ sessionId, text, when })
              }}
            />
          )}
        </div>
      </div>
    </main>
  )
}
