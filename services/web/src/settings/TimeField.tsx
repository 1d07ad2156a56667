import { defaultSettings, type TimeSetting } from '@rollcall/backend/contract'
import type { ComponentProps } from 'react'
import { TextField } from '../components/TextField'
import { amountOf } from './readTime'
import { settingWords } from './settingWords'

interface Props extends Omit<ComponentProps<typeof TextField>, 'label'> {
  setting: TimeSetting
}

/** A time, typed as a number in its unit. */
export function TimeField({ setting, hint, ...props }: Props) {
  const { label, unit, meaning } = settingWords[setting]
  return (
    <TextField
      {...props}
      name={setting}
      label={`${label}, in ${unit}`}
      hint={hint ?? `${meaning} Default: ${amountOf(setting, defaultSettings[setting])} ${unit}.`}
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
    />
  )
}
