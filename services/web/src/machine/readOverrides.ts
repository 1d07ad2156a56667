import {
  defaultSettings,
  overridableSettings,
  settingFaults,
  type MachineOverrides,
  type OverridableSetting,
  type Settings,
} from '@rollcall/backend/contract'
import { faultWords, readSetting, unreadableWords } from '../settings/readSetting'

/** The deployment's times, in ms. */
export type DeploymentTimes = Pick<Settings, 'heartbeatIntervalMs' | 'staleThresholdMs' | 'shutdownTimeoutMs'>

/** What is wrong, at the field where it is. */
export type OverrideFaults = Partial<Record<OverridableSetting, string>>

export type ReadOverrides =
  { kind: 'overrides'; overrides: MachineOverrides } | { kind: 'faults'; faults: OverrideFaults }

/** What was typed as a machine's own times, in their units; an empty field leaves it to the deployment. */
export function readOverrides(
  typed: Record<OverridableSetting, string>,
  deployment: DeploymentTimes,
): ReadOverrides {
  const overrides: MachineOverrides = {}
  const faults: OverrideFaults = {}
  for (const setting of overridableSettings) {
    if (typed[setting].trim() === '') continue
    const ms = readSetting(setting, typed[setting])
    if (ms === undefined) faults[setting] = unreadableWords(setting)
    else overrides[setting] = ms
  }
  const settings = { ...defaultSettings, ...deployment, ...overrides }
  for (const fault of settingFaults(settings)) {
    const setting = overridableSettings.find((name) => name === fault.setting)
    if (setting) faults[setting] ??= faultWords(fault, settings)
  }
  return Object.keys(faults).length === 0 ? { kind: 'overrides', overrides } : { kind: 'faults', faults }
}
