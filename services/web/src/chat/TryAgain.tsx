import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import type { WorkerView } from '../presence/WorkerView'
import type { ChatMessage } from './ChatMessage'
import { judgeSending, type When } from './judgeSending'

/** Asks again what an answer that ended too early was asked; one that the worker could not take is not offered. */
export function TryAgain({ messageId, worker }: { messageId: ChatMessage['id']; worker: WorkerView }) {
  const retry = useMutation(api.chat.retry)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async (when: When) => {
    await retry({ messageId, when })
  })
  // While the page is disconnected the button stays in its place, and says why it takes no clicks.
  const sending = judgeSending(worker, { kind: 'live' })
  if (sending.kind === 'not') return null
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-1">
      <Button onClick={() => run(sending.kind)} isBusy={isRunning} whyNot={whyNot}>
        {sending.kind === 'now' ? 'Try again' : `Try again when ${worker.name} is back`}
      </Button>
      <Problem text={problem} />
    </div>
  )
}
