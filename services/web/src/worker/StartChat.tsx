import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation, useQuery } from 'convex/react'
import { useId, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { Composer } from '../chat/Composer'
import { judgeSending, type When } from '../chat/judgeSending'
import { prefetchChat } from '../chat/LazyChat'
import { useConnection } from '../connection/useConnection'
import type { WorkerView } from '../presence/WorkerView'
import { titleFrom } from './titleFrom'

/** A new chat begins with its first message. */
export function StartChat({ worker }: { worker: WorkerView }) {
  const models = useQuery(api.workers.models, { workerId: worker.id })
  const [model, setModel] = useState('')
  const startSession = useMutation(api.chat.startSession)
  const sendMessage = useMutation(api.chat.sendMessage)
  const [, navigate] = useLocation()
  const connection = useConnection()
  const selectId = useId()
  /** A chat that was made, but whose first message was refused: the next try goes there. */
  const started = useRef<Id<'sessions'>>(undefined)
  const send = async (text: string, when: When) => {
    prefetchChat()
    started.current ??= await startSession({
      workerId: worker.id,
      title: titleFrom(text),
      when,
      ...(model !== '' && { model }),
    })
    await sendMessage({ sessionId: started.current, text, when })
    navigate(`/workers/${worker.id}/chats/${started.current}`)
  }
  return (
    <Composer
      draftKey={`new:${worker.id}`}
      label={`New chat with ${worker.name}`}
      placeholder={`What should ${worker.name} do?`}
      actions={{ now: 'Start chat', later: 'Start for later' }}
      sending={judgeSending(worker, connection)}
      onSend={send}
    >
      <label htmlFor={selectId} className="sr-only">
        Model
      </label>
      <select
        id={selectId}
        value={model}
        onChange={(event) => setModel(event.target.value)}
        className="h-7 max-w-56 min-w-0 rounded-md border border-line bg-surface px-1.5 text-small"
      >
        <option value="">Default model</option>
        {models?.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </Composer>
  )
}
