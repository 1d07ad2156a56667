import { findMarked } from '@rollcall/worker/marked-processes'
import { isOwnerAlive, parseMarker } from '@rollcall/worker/marker'
import type { Finding } from './Finding'

/** `pids` is undefined where the system does not show what belongs to whom. */
export interface LeftoverFacts {
  pids: readonly number[] | undefined
}

/** Processes of opencode, and what they started, whose worker is gone. Nothing is ended. */
export function inspectLeftovers(): LeftoverFacts {
  if (process.platform !== 'linux') return { pids: undefined }
  const pids = findMarked((text) => {
    const marker = parseMarker(text)
    return marker !== undefined && !isOwnerAlive(marker)
  })
  return { pids }
}

/** Only a warning: a worker that starts ends its own, and none stands in its way. */
export function judgeLeftovers({ pids }: LeftoverFacts): Finding {
  const check = 'leftovers'
  if (pids === undefined) {
    return { check, state: 'ok', message: 'Not looked for: only Linux shows which processes are a worker’s.' }
  }
  if (pids.length === 0) return { check, state: 'ok', message: 'No opencode was left behind.' }
  return {
    check,
    state: 'warning',
    message: `Left behind by a worker that is gone: ${pids.length === 1 ? 'process' : 'processes'} ${pids.join(', ')}.`,
    cure: 'The next start of that worker ends them; or end them yourself.',
    command: `kill ${pids.join(' ')}`,
  }
}
