import { api } from '@rollcall/backend/api'
import { useMutation } from 'convex/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import type { ChatMessage } from './ChatMessage'

/** Ends an answer that is queued or being given. It says so at once, and until the worker has ended it. */
export function StopAnswer({ message, workerName }: { message: ChatMessage; workerName: string }) {
  const stop = useMutation(api.chat.stop)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await stop({ messageId: message.id })
  })
  const isStopping = isRunning || message.isStopping === true
  return (
    <div className="flex flex-wrap items-center gap-x-2">
      <Button
        look="quiet"
        className={`-my-0.75 ${isStopping ? 'opacity-100!' : ''}`}
        onClick={() => run()}
        whyNot={isStopping ? `${workerName} was told to end it.` : whyNot}
        aria-label={isStopping ? 'Stopping the answer' : 'Stop the answer'}
      >
        {isStopping ? 'Stopping…' : 'Stop'}
      </Button>
      <Problem text={problem} />
    </div>
  )
}
