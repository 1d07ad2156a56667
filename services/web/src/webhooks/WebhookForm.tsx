import { api } from '@rollcall/backend/api'
import { errorOf, limits, type WebhookShape } from '@rollcall/backend/contract'
import { useAction } from 'convex/react'
import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { RadioChoice } from '../components/RadioChoice'
import { TextField } from '../components/TextField'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import type { MadeWebhook } from './AddWebhook'
import { shapeWords } from './webhookWords'

const shapes = [
  ['json', shapeWords.json.choice],
  ['slack', shapeWords.slack.choice],
] as const

interface Props {
  /** The one that was added before. */
  last: MadeWebhook | undefined
  onMade: (made: MadeWebhook) => void
}

/** Asks where alerts shall be told, and how. What is wrong with the address is said beside it, and it gets the focus. */
export function WebhookForm({ last, onMade }: Props) {
  const add = useAction(api.webhooks.add)
  const whyNot = useWhyNotNow()
  const [url, setUrl] = useState('')
  const [shape, setShape] = useState<WebhookShape>('json')
  const [fault, setFault] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  const { run, isRunning, problem } = useTask(async () => {
    try {
      const { secret } = await add({ url, shape })
      setUrl('')
      onMade({ host: new URL(url.trim()).host, shape, secret })
    } catch (error: unknown) {
      const known = errorOf(error)
      if (known?.code !== 'URL_INVALID') throw error
      setFault(known.message)
      field.current?.focus()
    }
  })
  // After one was added, for the next; at first, nobody has asked for it.
  useEffect(() => {
    if (last) field.current?.focus()
  }, [last])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (whyNot === undefined) run()
  }
  return (
    <form aria-label="Add webhook" className="flex max-w-prose flex-col gap-3" onSubmit={submit}>
      <TextField
        label="Address of a new webhook"
        name="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://"
        ref={field}
        maxLength={limits.urlLength}
        hint="Only its host is shown afterwards: the rest may be a secret."
        value={url}
        onChange={(event) => {
          setUrl(event.target.value)
          setFault(undefined)
        }}
        problem={fault}
      />
      <div className="flex flex-col gap-1">
        <RadioChoice label="How it is told" options={shapes} chosen={shape} onChoose={setShape} />
        <p className="text-small text-muted">{shapeWords[shape].meaning}</p>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button type="submit" isBusy={isRunning} disabled={url.trim() === ''} whyNot={whyNot}>
          Add webhook
        </Button>
        <Problem text={problem} />
        <p role="status" className="text-muted empty:hidden">
          {last?.shape === 'slack' && url === '' && `${last.host} is told of alerts from now on.`}
        </p>
      </div>
      {whyNot !== undefined && <p className="text-small text-amber">{whyNot}</p>}
    </form>
  )
}
