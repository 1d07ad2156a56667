import { numberSettings, settingFaults, type NumberSetting, type Settings } from '@rollcall/backend/contract'
import { amountOf, faultWords, readSetting, unreadableWords } from './readSetting'

/** What a person typed and has not saved; a field that they left alone is not in it, and follows the backend. */
export type Draft = Partial<Record<NumberSetting, string>> & { isSignUpOpen?: boolean }

/** What is wrong, in words, at the field that it is wrong in. */
export type Faults = Partial<Record<NumberSetting, string>>

export type ReadDraft = { kind: 'changes'; changes: Partial<Settings> } | { kind: 'faults'; faults: Faults }

/** What would be changed in `settings`: only what differs from them, and nothing while anything is wrong. */
export function readDraft(settings: Settings, draft: Draft): ReadDraft {
  const changes: Partial<Settings> = {}
  const faults: Faults = {}
  for (const setting of numberSettings) {
    const typed = draft[setting]
    // A time that the unit shows rounded is not changed by being looked at.
    if (typed === undefined || typed.trim() === amountOf(setting, settings[setting])) continue
    const value = readSetting(setting, typed)
    if (value === undefined) faults[setting] = unreadableWords(setting)
    else if (value !== settings[setting]) changes[setting] = value
  }
  const { isSignUpOpen } = draft
  if (isSignUpOpen !== undefined && isSignUpOpen !== settings.isSignUpOpen)
    changes.isSignUpOpen = isSignUpOpen
  const next = { ...settings, ...changes }
  for (const fault of settingFaults(next)) faults[fault.setting] ??= faultWords(fault, next)
  return Object.keys(faults).length > 0 ? { kind: 'faults', faults } : { kind: 'changes', changes }
}

/** What was typed since `saved` was sent. */
export function typedSince(draft: Draft, saved: Draft): Draft {
  return Object.fromEntries(
    Object.entries(draft).filter(([setting, typed]) => saved[setting as keyof Draft] !== typed),
  )
}
