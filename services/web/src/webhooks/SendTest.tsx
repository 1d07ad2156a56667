import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'

/** Sends a receiver a message of no alert; whether it arrived is seen in its list. */
export function SendTest({ webhookId, host }: { webhookId: Id<'webhooks'>; host: string }) {
  const test = useMutation(api.webhooks.test)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await test({ webhookId })
  })
  return (
    <>
      <Problem text={problem} />
      <Button
        look="quiet"
        onClick={() => run()}
        isBusy={isRunning}
        whyNot={whyNot}
        aria-label={`Send a test to ${host}`}
      >
        Send a test
      </Button>
    </>
  )
}
