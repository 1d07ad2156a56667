import type { Infer } from 'convex/values'
import type * as chatValidators from '../convex/model/chatValidators'
import type * as validators from '../convex/model/validators'

export type Approval = Infer<typeof validators.approval>
export type Phase = Infer<typeof validators.phase>
export type Policy = Infer<typeof validators.policy>
export type PolicyChoice = Infer<typeof validators.policyChoice>
export type OfflineReason = Infer<typeof validators.offlineReason>
export type EndCause = Infer<typeof validators.endCause>
export type StopCause = Infer<typeof validators.stopCause>
export type SessionStatus = Infer<typeof chatValidators.sessionStatus>
export type MessageStatus = Infer<typeof chatValidators.messageStatus>
export type Role = Infer<typeof validators.role>
export type SharedRole = Infer<typeof validators.sharedRole>
export type Settings = Infer<typeof validators.settings>
export type MachineOverrides = Infer<typeof validators.machineOverrides>
