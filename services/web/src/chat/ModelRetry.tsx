import type { ReactNode } from 'react'
import { MomentText } from '../components/MomentText'
import type { ChatMessage } from './ChatMessage'
import { StateLine } from './StateLine'

interface Props {
  retry: NonNullable<ChatMessage['modelRetry']>
  isOpen: boolean
  action: ReactNode
}

/** The worker waits for the model: why, and when it asks again. */
export function ModelRetry({ retry: { attempt, message, at }, ...underWay }: Props) {
  return (
    <StateLine
      {...underWay}
      shape="◔"
      tone="amber"
      word="Waiting"
      rest={
        <>
          The model does not answer ({message.replace(/\.$/, '')}); attempt {attempt}{' '}
          <MomentText moment={{ kind: 'in', at }} />
        </>
      }
    />
  )
}
