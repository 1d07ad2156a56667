import { api } from '@rollcall/backend/api'
import { limits } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { useAction } from 'convex/react'
import { useId, useState, type SubmitEvent } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { TextField } from '../components/TextField'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import type { MachineView } from '../presence/WorkerView'
import type { Joining } from './PairPage'

const NEW = 'new'

interface Props {
  code: string
  host: Joining['host']
  /** The caller's own. */
  machines: Pick<MachineView, 'id' | 'name'>[]
}

/** Where the worker shall belong and what it shall be called; proposed from what is known of its computer. */
export function ApproveForm({ code, host, machines }: Props) {
  const approve = useAction(api.pairing.approve)
  const [, navigate] = useLocation()
  const whyNot = useWhyNotNow()
  const selectId = useId()
  const [machineId, setMachineId] = useState<string>(
    () => machines.find(({ name }) => name === host.hostname)?.id ?? NEW,
  )
  const [newMachine, setNewMachine] = useState(host.hostname.slice(0, limits.nameLength))
  const [workerName, setWorkerName] = useState(host.workerName)
  const { run, isRunning, problem } = useTask(async () => {
    const place = machineId === NEW ? { newMachine } : { machineId: machineId as Id<'machines'> }
    const { workerId } = await approve({ code, place, workerName })
    navigate(`/workers/${workerId}`, { replace: true })
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (whyNot === undefined) run()
  }
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      {machines.length > 0 && (
        <div className="flex flex-col gap-1">
          <label htmlFor={selectId} className="text-small text-muted">
            Machine
          </label>
          <select
            id={selectId}
            value={machineId}
            onChange={(event) => setMachineId(event.target.value)}
            className="h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2"
          >
            <option value={NEW}>A new machine</option>
            {machines.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      {machineId === NEW && (
        <TextField
          label="Machine name"
          required
          maxLength={limits.nameLength}
          autoComplete="off"
          value={newMachine}
          onChange={(event) => setNewMachine(event.target.value)}
        />
      )}
      <TextField
        label="Worker name"
        required
        maxLength={limits.nameLength}
        autoComplete="off"
        value={workerName}
        onChange={(event) => setWorkerName(event.target.value)}
      />
      <Problem text={problem} />
      <Button type="submit" look="primary" className="h-8" isBusy={isRunning} whyNot={whyNot}>
        Let it in
      </Button>
    </form>
  )
}
