import type { Logger } from 'pino'
import { endMarked } from './markedProcesses'
import { isOwnerAlive, parseMarker } from './marker'

/**
 * Ends what earlier incarnations of this worker left behind: processes whose marker names this worker and an owner that is
 * dead. Whatever belongs to another worker, to this incarnation, or to one that is still alive is not touched. Normally
 * finds nothing: it is for the case that a worker and its guard were both killed. Resolves within about 3 s with
 * the number of processes it ended; always 0 where /proc does not exist.
 */
export async function reapOrphans(options: { workerId: string; logger: Logger }): Promise<number> {
  const isOrphaned = (text: string): boolean => {
    const marker = parseMarker(text)
    return marker?.workerId === options.workerId && !isOwnerAlive(marker)
  }
  const { ended, left } = await endMarked(isOrphaned, { graceMs: 1000, killMs: 2000 })
  if (ended > 0) {
    options.logger.warn(
      { event: 'opencode.orphans-reaped', ended, left },
      'Ended processes of an earlier run',
    )
  }
  return ended
}
