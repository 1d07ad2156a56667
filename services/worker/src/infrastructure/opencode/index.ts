export { hermeticOpencodeEnv } from './hermeticEnv'
export { createMarker } from './marker'
export { reapOrphans } from './reapOrphans'
export { startOpencode } from './startOpencode'
export type {
  Opencode,
  PartUpdate,
  ProcessEnd,
  PromptLimits,
  PromptOptions,
  PromptOutcome,
  StartOpencodeOptions,
  Usage,
} from './types'
