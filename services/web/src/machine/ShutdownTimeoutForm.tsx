import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import { useState, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { amountOf } from '../settings/readTime'
import { TimeField } from '../settings/TimeField'
import { readOverride } from './readOverride'

interface Props {
  machineId: Id<'machines'>
  /** What its owner set, in ms; undefined while its workers keep to the deployment's. */
  own: number | undefined
  /** In ms. */
  deployment: number
}

/** One field; empty leaves it to the deployment. */
export function ShutdownTimeoutForm({ machineId, own, deployment }: Props) {
  const setOverrides = useMutation(api.machines.setOverrides)
  const whyNot = useWhyNotNow()
  const [typed, setTyped] = useState<string>()
  const [fault, setFault] = useState<string>()
  const [isSaved, setIsSaved] = useState(false)
  const { run, isRunning, problem } = useTask(async (overrides: { shutdownTimeoutMs?: number }) => {
    await setOverrides({ machineId, overrides })
    setTyped(undefined)
    setIsSaved(true)
  })
  const shown = typed ?? (own === undefined ? '' : amountOf('shutdownTimeoutMs', own))
  const edit = (text: string) => {
    setTyped(text)
    setFault(undefined)
    setIsSaved(false)
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (whyNot !== undefined) return
    const read = readOverride(shown)
    setIsSaved(false)
    if (read.kind === 'overrides') {
      run(read.overrides)
      return
    }
    setFault(read.fault)
    const field = event.currentTarget.elements.namedItem('shutdownTimeoutMs')
    if (field instanceof HTMLElement) field.focus()
  }
  return (
    <form className="flex max-w-prose flex-col gap-2" onSubmit={submit}>
      <TimeField
        setting="shutdownTimeoutMs"
        hint={`How long they may take to save their chats. Empty: as on the whole deployment, ${amountOf('shutdownTimeoutMs', deployment)} seconds. SHUTDOWN_TIMEOUT_MS in a worker’s environment goes before both.`}
        value={shown}
        onChange={(event) => edit(event.target.value)}
        problem={fault}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button type="submit" isBusy={isRunning} whyNot={whyNot}>
          Save
        </Button>
        <Problem text={problem} />
        <p role="status" className="text-muted empty:hidden">
          {isSaved && 'Saved. Its running workers follow at once.'}
        </p>
      </div>
    </form>
  )
}
