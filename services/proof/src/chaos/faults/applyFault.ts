import type { Fleet } from '../fleet/Fleet'
import type { Slot } from '../fleet/Slot'
import type { Fault } from '../schedule/Schedule'
import { damageBackend } from './backendFaults'
import * as processes from './processFaults'
import type { Later } from './processFaults'

/** Does it. Answers whether it could be done: a process that is not there cannot be killed. Never rejects. */
export async function applyFault(fleet: Fleet, fault: Fault, later: Later): Promise<boolean> {
  if (fault.kind === 'backend') return await damageBackend(fleet, fault)
  const slot = fleet.slots[fault.slot]
  if (!slot) return false
  switch (fault.kind) {
    case 'signal':
      return processes.signal(slot, fault)
    case 'kill':
      return processes.kill(slot, fault)
    case 'freeze':
      return processes.freeze(slot, fault, later)
    case 'block':
      return processes.block(slot, fault)
    case 'throw':
      return processes.throwUp(slot, fault)
    case 'clock':
      return processes.setClock(slot, fault)
    case 'oom':
      return processes.outOfMemory(slot)
    case 'network':
      return disturbNetwork(slot, fault, later)
    case 'duplicate':
      return duplicate(slot)
    case 'revoke':
      return await revoke(fleet, slot)
    default:
      return fault satisfies never
  }
}

/** One at a time: a network is in one state. */
function disturbNetwork(
  slot: Slot,
  { network, forMs }: Extract<Fault, { kind: 'network' }>,
  later: Later,
): boolean {
  const isDisturbed = slot.networkSpans.some(({ to }) => to === undefined)
  if (isDisturbed) return false
  const span = { from: performance.now(), network }
  slot.networkSpans.push(span)
  slot.network.become(network)
  later(forMs, () => {
    slot.network.become('fine')
    Object.assign(span, { to: performance.now() })
  })
  return true
}

function duplicate(slot: Slot): boolean {
  if (!slot.run?.member('worker') || slot.worker.history.revokedAt !== undefined) return false
  slot.start()
  return true
}

/** Its person makes another worker, once the process has ended. */
async function revoke(fleet: Fleet, slot: Slot): Promise<boolean> {
  const { history } = slot.worker
  if (history.revokedAt !== undefined || !slot.run?.member('worker')) return false
  history.revokedAt = performance.now()
  await fleet.replace(slot)
  return true
}
