export { OpencodeRequestError, OpencodeStartError, type OpencodeStartCode } from './errors'
export { hermeticOpencodeEnv } from './hermeticEnv'
export { createMarker } from './marker'
export { reapOrphans } from './reapOrphans'
export { startOpencode } from './startOpencode'
export type {
  Opencode,
  OpencodeModel,
  ProcessEnd,
  PromptOptions,
  PromptOutcome,
  StartOpencodeOptions,
} from './types'
