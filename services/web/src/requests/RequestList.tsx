import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation, useQuery } from 'convex/react'
import { MomentText } from '../components/MomentText'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import type { PersonReply, PersonRequest } from './PersonRequest'
import { PermissionForm } from './PermissionForm'
import { QuestionForm } from './QuestionForm'

interface Props {
  sessionId: Id<'sessions'>
  workerName: string
}

/** What opencode waits to be told, above where messages are written; nothing while it waits for nothing. */
export function RequestList({ sessionId, workerName }: Props) {
  const requests = useQuery(api.requests.list, { sessionId })
  return (
    <div role="status" aria-label="What waits for your answer" className="flex flex-col gap-3 empty:hidden">
      {requests?.map((request) => (
        <RequestCard key={request.id} request={request} workerName={workerName} />
      ))}
    </div>
  )
}

function RequestCard({ request, workerName }: { request: PersonRequest; workerName: string }) {
  const answer = useMutation(api.requests.answer)
  const { run, isRunning, problem } = useTask(async (reply: PersonReply) => {
    await answer({ requestId: request.id, reply })
  })
  const { what } = request
  return (
    <section
      aria-label={`${workerName} asks`}
      className="flex flex-col gap-3 rounded-lg border border-amber bg-surface p-3"
    >
      {what.kind === 'permission' ? (
        <PermissionForm what={what} workerName={workerName} isBusy={isRunning} onReply={run} />
      ) : (
        <QuestionForm what={what} workerName={workerName} isBusy={isRunning} onReply={run} />
      )}
      <Problem text={problem} />
      <p className="text-small text-muted">
        Without an answer it is refused: <MomentText moment={{ kind: 'left', at: request.expiresAt }} />.
      </p>
    </section>
  )
}
