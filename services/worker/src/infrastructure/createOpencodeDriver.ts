import type { Logger } from 'pino'
import type { OpencodeDriver } from '../application/WorkerLifecycle'
import type { WorkerConfig } from '../config'
import { createMarker, reapOrphans, startOpencode } from './opencode'

/** opencode as this worker runs it: in its folder, under its marker, without its secret. */
export function createOpencodeDriver(config: WorkerConfig, logger: Logger): OpencodeDriver {
  const { workerId } = config.token
  return {
    reap: async () => {
      await reapOrphans({ workerId, logger })
    },
    start: (signal) =>
      startOpencode({
        bin: config.opencodeBin,
        directory: config.directory,
        marker: createMarker(workerId),
        env: config.opencodeEnv,
        config: config.opencodeConfig,
        signal,
        logger,
      }),
  }
}
