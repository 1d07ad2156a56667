import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'

/** For a message that was given up: begins with it again. */
export function TryDeliveryAgain({ deliveryId, host }: { deliveryId: Id<'deliveries'>; host: string }) {
  const tryAgain = useMutation(api.webhooks.tryAgain)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await tryAgain({ deliveryId })
  })
  return (
    <>
      <Button
        onClick={() => run()}
        isBusy={isRunning}
        whyNot={whyNot}
        aria-label={`Try again to tell ${host}`}
      >
        Try again
      </Button>
      <Problem text={problem} />
    </>
  )
}
