import { Link } from 'wouter'
import { StatusMark } from '../components/StatusMark'
import { describeWorker } from '../presence/describeWorker'
import type { WorkerView } from '../presence/WorkerView'
import { policyInChat } from '../worker/policyWords'
import type { ChatView } from './ChatView'
import { EndChat } from './EndChat'

/** What the chat is about, with whom, how that one is, and what it may do. */
export function ChatHeading({ session, worker }: { session: ChatView; worker: WorkerView }) {
  return (
    <div className="border-b border-line px-4 py-2">
      <div className="mx-auto max-w-prose">
        <div className="flex min-h-7 items-center gap-3">
          <h1 className="min-w-0 flex-1 truncate text-title font-semibold" title={session.title}>
            {session.title}
          </h1>
          {session.status !== 'ended' && <EndChat sessionId={session.id} />}
        </div>
        <div className="flex flex-wrap items-center gap-x-3 text-muted">
          <Link
            href={`/workers/${worker.id}`}
            className="max-w-60 truncate underline underline-offset-2 hover:text-ink"
          >
            {worker.name}
          </Link>
          <StatusMark word={describeWorker(worker).word} />
          <span className="truncate text-small">{session.model ?? 'default model'}</span>
          {worker.policy && <span className="text-small">{policyInChat[worker.policy]}</span>}
        </div>
      </div>
    </div>
  )
}
