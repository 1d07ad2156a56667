import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import { useState } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'

/** Ending is for good, so it is asked twice. */
export function EndChat({ sessionId }: { sessionId: Id<'sessions'> }) {
  const endSession = useMutation(api.chat.endSession)
  const [isAsking, setIsAsking] = useState(false)
  const { run, isRunning, problem } = useTask(async () => {
    await endSession({ sessionId })
  })
  if (!isAsking) {
    return (
      <Button look="quiet" className="-mr-2.5" onClick={() => setIsAsking(true)}>
        End chat
      </Button>
    )
  }
  return (
    <span className="flex items-center gap-2">
      <Problem text={problem} />
      <Button onClick={() => run()} isBusy={isRunning}>
        End for good
      </Button>
      <Button look="quiet" onClick={() => setIsAsking(false)}>
        Keep
      </Button>
    </span>
  )
}
