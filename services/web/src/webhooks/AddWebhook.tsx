import { useState } from 'react'
import type { WebhookShape } from '@rollcall/backend/contract'
import { NewWebhook } from './NewWebhook'
import { WebhookForm } from './WebhookForm'

export interface MadeWebhook {
  host: string
  shape: WebhookShape
  secret: string
}

/** Asks for a receiver, then shows what its messages are signed with, this once, if it can check that. */
export function AddWebhook() {
  const [made, setMade] = useState<MadeWebhook>()
  const [isSeen, setIsSeen] = useState(false)
  if (made?.shape === 'json' && !isSeen)
    return <NewWebhook host={made.host} secret={made.secret} onDone={() => setIsSeen(true)} />
  return (
    <WebhookForm
      last={made}
      onMade={(webhook) => {
        setMade(webhook)
        setIsSeen(false)
      }}
    />
  )
}
