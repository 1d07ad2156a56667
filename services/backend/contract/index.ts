/**
 * What the worker, the page and the CLI may know of the backend besides `_generated/api`: words, codes, limits and
 * the token's format. Pure: imported by Convex functions and by Node programs alike.
 */
export { errorOf } from './errorOf'
export { errorCodes, type ErrorCode, type ErrorPayload } from './errors'
export { formatDuration, parseDuration } from './duration'
export {
  alerting,
  delivering,
  type AlertEvidence,
  type AlertNews,
  type AlertRule,
  type WebhookShape,
} from './alerts'
export { alertSentence, alertTitle } from './alertWords'
export { flapping } from './flapping'
export { formatWorkerToken, parseWorkerToken, type WorkerToken } from './workerToken'
export { limits } from './limits'
export { overridableSettings, type OverridableSetting } from './overrides'
export {
  BEATS_PER_STALE,
  defaultSettings,
  formatRange,
  formatSetting,
  isOffAtZero,
  numberSettings,
  settingFaults,
  settingRanges,
  type NumberSetting,
  type SettingFault,
  type SettingKind,
} from './settings'
export { DAY, HALF_HOUR, HOUR, MINUTE, SECOND } from './time'
export type {
  Approval,
  EndCause,
  MachineOverrides,
  OfflineReason,
  Policy,
  PolicyChoice,
  Settings,
  SharedRole,
  StopCause,
} from './words'
