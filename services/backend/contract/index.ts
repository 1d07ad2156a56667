/**
 * What the worker, the page and the CLI may know of the backend besides `_generated/api`: words, codes, limits and
 * the token's format. Pure: imported by Convex functions and by Node programs alike.
 */
export { errorCodes, errorOf, type ErrorCode, type ErrorPayload } from './errors'
export { formatDuration, parseDuration } from './duration'
export { flapping } from './flapping'
export { formatWorkerToken, parseWorkerToken, type WorkerToken } from './workerToken'
export { limits } from './limits'
export {
  BEATS_PER_STALE,
  defaultSettings,
  settingFaults,
  settingRanges,
  timeSettings,
  type SettingFault,
  type TimeSetting,
} from './settings'
export { DAY, HALF_HOUR, HOUR, MINUTE, SECOND } from './time'
export type {
  Approval,
  EndCause,
  MachineOverrides,
  MessageStatus,
  OfflineReason,
  Phase,
  Policy,
  PolicyChoice,
  Role,
  SessionStatus,
  Settings,
  SharedRole,
  StopCause,
} from './words'
