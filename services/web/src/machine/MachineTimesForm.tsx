import { api } from '@rollcall/backend/api'
import {
  overridableSettings,
  type MachineOverrides,
  type OverridableSetting,
} from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { useMutation } from 'convex/react'
import { useState, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { amountOf } from '../settings/readSetting'
import { SettingField } from '../settings/SettingField'
import { readOverrides, type DeploymentTimes, type OverrideFaults } from './readOverrides'

interface Props {
  machineId: Id<'machines'>
  /** What its owner set, in ms; what is absent is the deployment's. */
  own: MachineOverrides
  deployment: DeploymentTimes
}

/** One field for each time that a machine can have of its own; an empty one leaves it to the deployment. */
export function MachineTimesForm({ machineId, own, deployment }: Props) {
  const setOverrides = useMutation(api.machines.setOverrides)
  const whyNot = useWhyNotNow()
  const [typed, setTyped] = useState<Partial<Record<OverridableSetting, string>>>({})
  const [faults, setFaults] = useState<OverrideFaults>({})
  const [isSaved, setIsSaved] = useState(false)
  const { run, isRunning, problem } = useTask(async (overrides: MachineOverrides) => {
    await setOverrides({ machineId, overrides })
    setTyped({})
    setIsSaved(true)
  })
  const valueOf = (setting: OverridableSetting) => typed[setting] ?? ownAmount(setting, own)
  const edit = (setting: OverridableSetting, text: string) => {
    setTyped((before) => ({ ...before, [setting]: text }))
    setFaults((before) => ({ ...before, [setting]: undefined }))
    setIsSaved(false)
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (whyNot !== undefined) return
    const staleThresholdMs = valueOf('staleThresholdMs')
    const shutdownTimeoutMs = valueOf('shutdownTimeoutMs')
    const read = readOverrides({ staleThresholdMs, shutdownTimeoutMs }, deployment)
    setIsSaved(false)
    if (read.kind === 'overrides') {
      setFaults({})
      run(read.overrides)
      return
    }
    setFaults(read.faults)
    const first = overridableSettings.find((setting) => read.faults[setting] !== undefined)
    const field = first && event.currentTarget.elements.namedItem(first)
    if (field instanceof HTMLElement) field.focus()
  }
  return (
    <form className="flex max-w-prose flex-col gap-2" onSubmit={submit}>
      {overridableSettings.map((setting) => (
        <SettingField
          key={setting}
          setting={setting}
          hint={hintOf(setting, deployment)}
          value={valueOf(setting)}
          onChange={(event) => edit(setting, event.target.value)}
          problem={faults[setting]}
        />
      ))}
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

function ownAmount(setting: OverridableSetting, { [setting]: own }: MachineOverrides): string {
  return own === undefined ? '' : amountOf(setting, own)
}

function hintOf(setting: OverridableSetting, deployment: DeploymentTimes): string {
  const asDeployed = `Empty: as on the whole deployment, ${amountOf(setting, deployment[setting])} seconds.`
  switch (setting) {
    case 'staleThresholdMs':
      return `Silent for longer than this, they are shown as lost. ${asDeployed}`
    case 'shutdownTimeoutMs':
      return `How long they may take to save their chats. ${asDeployed} SHUTDOWN_TIMEOUT_MS in a worker’s environment goes before both.`
    default:
      return setting satisfies never
  }
}
