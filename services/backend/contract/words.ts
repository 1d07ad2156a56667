import type { Infer } from 'convex/values'
import type * as validators from '../convex/model/validators'

export type Approval = Infer<typeof validators.approval>
export type Policy = Infer<typeof validators.policy>
export type PolicyChoice = Infer<typeof validators.policyChoice>
export type OfflineReason = Infer<typeof validators.offlineReason>
export type EndCause = Infer<typeof validators.endCause>
export type StopCause = Infer<typeof validators.stopCause>
export type SharedRole = Infer<typeof validators.sharedRole>
export type Settings = Infer<typeof validators.settings>
export type MachineOverrides = Infer<typeof validators.machineOverrides>
