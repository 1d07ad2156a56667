import { defaultSettings, isOffAtZero, settingRanges, type NumberSetting } from '@rollcall/backend/contract'
import type { ComponentProps } from 'react'
import { TextField } from '../components/TextField'
import { amountOf } from './readSetting'
import { settingWords } from './settingWords'

interface Props extends Omit<ComponentProps<typeof TextField>, 'label'> {
  setting: NumberSetting
}

/** A setting that is typed as a number in its unit. */
export function SettingField({ setting, hint, ...props }: Props) {
  const { label, unit } = settingWords[setting]
  return (
    <TextField
      {...props}
      name={setting}
      label={unit === undefined ? label : `${label}, in ${unit}`}
      hint={hint ?? hintFor(setting)}
      inputMode={settingRanges[setting].kind === 'time' ? 'decimal' : 'numeric'}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

function hintFor(setting: NumberSetting): string {
  const { meaning, unit } = settingWords[setting]
  const off = isOffAtZero(setting) ? ' 0 switches it off.' : ''
  const usual = [amountOf(setting, defaultSettings[setting]), unit].filter(Boolean).join(' ')
  return `${meaning}${off} Default: ${usual}.`
}
