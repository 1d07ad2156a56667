import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import { AskTwice } from '../components/AskTwice'

export function EndChat({ sessionId }: { sessionId: Id<'sessions'> }) {
  const endSession = useMutation(api.chat.endSession)
  return (
    <AskTwice
      action="End chat"
      confirm="End for good"
      className="-mr-2.5"
      onConfirm={async () => {
        await endSession({ sessionId })
      }}
    />
  )
}
