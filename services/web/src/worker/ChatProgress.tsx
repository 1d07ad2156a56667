import type { api } from '@rollcall/backend/api'
import type { FunctionReturnType } from 'convex/server'
import { useIsLastKnown } from '../connection/useConnection'

type Chat = FunctionReturnType<typeof api.chat.listSessions>[number]

const progressWords: Record<NonNullable<Chat['progress']>, string> = {
  asking: 'asks you',
  running: 'answering',
  queued: 'waits',
  completed: '',
  failed: 'failed',
  interrupted: 'interrupted',
}

/** How far a chat is, in words; what asks for a person stands out. As last known while the page is disconnected. */
export function ChatProgress({ status, progress }: Pick<Chat, 'status' | 'progress'>) {
  const isLastKnown = useIsLastKnown()
  const word = progress === undefined || status === 'ended' ? '' : progressWords[progress]
  const words = [word, status === 'active' ? '' : status].filter((each) => each !== '').join(' · ')
  const isLoud = progress === 'asking' && status !== 'ended' && !isLastKnown
  const look = isLoud ? 'font-semibold text-amber' : `text-muted ${isLastKnown ? 'italic' : ''}`
  return <span className={`shrink-0 text-small ${look}`}>{words}</span>
}
