export { OpencodeRequestError, OpencodeStartError, type OpencodeStartCode } from './errors'
export { hermeticOpencodeEnv } from './hermeticEnv'
export { createMarker } from './marker'
export { reapOrphans } from './reapOrphans'
export { startOpencode } from './startOpencode'
export type {
  ModelRetry,
  Opencode,
  OpencodeModel,
  PartUpdate,
  ProcessEnd,
  ProcessUsage,
  PromptLimits,
  PromptOptions,
  PromptOutcome,
  StartOpencodeOptions,
  Usage,
} from './types'
