import { setTimeout as wait } from 'node:timers/promises'
import type { Fleet } from '../fleet/Fleet'
import type { Fault } from '../schedule/Schedule'

/** Does it, waits, and takes it back. One at a time: answers false while another one lasts, and where it cannot be done. */
export async function damageBackend(
  fleet: Fleet,
  { how, forMs }: Extract<Fault, { kind: 'backend' }>,
): Promise<boolean> {
  const { backend, backendSpans } = fleet
  const isDamaged = backendSpans.some(({ to }) => to === undefined)
  if (isDamaged || (how === 'full-disk' && !fleet.canFillDisk)) return false
  const span: { from: number; to?: number } = { from: performance.now() }
  backendSpans.push(span)
  switch (how) {
    case 'kill':
    case 'restart':
      await backend.end(how === 'kill' ? 'SIGKILL' : 'SIGTERM')
      await wait(forMs)
      await backend.begin()
      break
    case 'pause':
      backend.pause()
      await wait(forMs)
      backend.resume()
      break
    case 'full-disk':
      await backend.fillDisk()
      await wait(forMs)
      await backend.freeDisk()
      break
    default:
      how satisfies never
  }
  span.to = performance.now()
  return true
}
