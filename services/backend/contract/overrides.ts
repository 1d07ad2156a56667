import type { MachineOverrides } from './words'

/** A setting that a machine can have of its own. */
export type OverridableSetting = keyof MachineOverrides

/** All of them, in the order in which people see them. */
export const overridableSettings = Object.keys({
  staleThresholdMs: true,
  shutdownTimeoutMs: true,
} satisfies Record<OverridableSetting, true>) as OverridableSetting[]
