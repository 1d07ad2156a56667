import { api } from '@rollcall/backend/api'
import { numberSettings, type Settings } from '@rollcall/backend/contract'
import { useMutation } from 'convex/react'
import { useState, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { amountOf } from './readSetting'
import { SettingField } from './SettingField'
import { settingGroups } from './settingGroups'
import { readDraft, typedSince, type Draft, type Faults } from './settingsDraft'
import { SignUpField } from './SignUpField'

/** Every setting; saves those that were changed, all or none. What is wrong is said beside the field, which gets the focus. */
export function SettingsForm({ settings }: { settings: Settings }) {
  const change = useMutation(api.settings.change)
  const whyNot = useWhyNotNow()
  const [draft, setDraft] = useState<Draft>({})
  const [faults, setFaults] = useState<Faults>({})
  const [outcome, setOutcome] = useState<'saved' | 'same'>()
  const { run, isRunning, problem } = useTask(async (changes: Partial<Settings>) => {
    await change(changes)
    setDraft((now) => typedSince(now, draft))
    setOutcome('saved')
  })
  const edit = (typed: Draft) => {
    setDraft((now) => ({ ...now, ...typed }))
    setFaults({})
    setOutcome(undefined)
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (whyNot !== undefined) return
    const read = readDraft(settings, draft)
    setOutcome(undefined)
    if (read.kind === 'faults') {
      setFaults(read.faults)
      const first = numberSettings.find((setting) => read.faults[setting] !== undefined)
      const field = event.currentTarget.elements.namedItem(first ?? '')
      if (field instanceof HTMLElement) field.focus()
    } else if (Object.keys(read.changes).length > 0) run(read.changes)
    else setOutcome('same')
  }
  return (
    <form className="flex max-w-prose flex-col gap-8" onSubmit={submit}>
      {settingGroups.map(({ name, settings: names }) => (
        <fieldset key={name} className="flex min-w-0 flex-col gap-4">
          <legend className="mb-2 font-semibold">{name}</legend>
          {names.map((setting) =>
            setting === 'isSignUpOpen' ? (
              <SignUpField
                key={setting}
                isOpen={draft.isSignUpOpen ?? settings.isSignUpOpen}
                onChange={(isSignUpOpen) => edit({ isSignUpOpen })}
              />
            ) : (
              <SettingField
                key={setting}
                setting={setting}
                value={draft[setting] ?? amountOf(setting, settings[setting])}
                onChange={(event) => edit({ [setting]: event.target.value })}
                problem={faults[setting]}
              />
            ),
          )}
        </fieldset>
      ))}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button type="submit" look="primary" isBusy={isRunning} whyNot={whyNot}>
          Save changes
        </Button>
        <Problem text={problem} />
        <p role="status" className="text-muted empty:hidden">
          {outcome === 'saved' && 'Saved. Running workers follow at once.'}
          {outcome === 'same' && 'Nothing was changed.'}
        </p>
      </div>
      {whyNot !== undefined && <p className="text-small text-amber">{whyNot}</p>}
    </form>
  )
}
