import { defaultSettings, settingFaults, type MachineOverrides } from '@rollcall/backend/contract'
import { faultWords, readTime, unreadableWords } from '../settings/readTime'

export type ReadOverride =
  { kind: 'overrides'; overrides: MachineOverrides } | { kind: 'fault'; fault: string }

/** What was typed as a machine's shutdown timeout, in seconds; nothing leaves it to the deployment. */
export function readOverride(typed: string): ReadOverride {
  if (typed.trim() === '') return { kind: 'overrides', overrides: {} }
  const shutdownTimeoutMs = readTime('shutdownTimeoutMs', typed)
  if (shutdownTimeoutMs === undefined) return { kind: 'fault', fault: unreadableWords('shutdownTimeoutMs') }
  const [fault] = settingFaults({ ...defaultSettings, shutdownTimeoutMs })
  return fault
    ? { kind: 'fault', fault: faultWords(fault, defaultSettings) }
    : { kind: 'overrides', overrides: { shutdownTimeoutMs } }
}
