import { send } from '../fleet/processes'
import type { Run, WatchedProcess } from '../fleet/Run'
import { READ_MS } from '../fleet/Seam'
import type { Slot } from '../fleet/Slot'
import { touches } from '../oracle/Spans'
import type { Fault, Role } from '../schedule/Schedule'

type Of<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>

/** Calls back later, at the end of the round at the latest. */
export type Later = (ms: number, work: () => void) => void

/** A worker drains on these; a supervisor hands them on. */
const stops: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP']
/** Nothing comes of these, but to a newborn. */
const harmless: readonly NodeJS.Signals[] = ['SIGWINCH', 'SIGPIPE', 'SIGCHLD']
/** A process this young may not ignore SIGPIPE yet, as Node does: it ends by it. Milliseconds. */
const NEWBORN_MS = 1_000

/** Each of these answers whether there was something to do it to. What it does is known to the oracle before it is done. */
export function signal(slot: Slot, { to, signal: name }: Of<'signal'>): boolean {
  const { run } = slot
  if (!run) return false
  const asked = to === 'group' ? (['launcher', 'supervisor'] as const) : [to]
  const members = asked.flatMap((role) => run.member(role) ?? [])
  if (members.length === 0) return false
  for (const member of members) noteSignal(run, member, name)
  if (to === 'group' && run.group !== undefined) {
    try {
      process.kill(run.group, name)
    } catch {
      return false
    }
    return true
  }
  return members.map((member) => send(member, name)).includes(true)
}

function noteSignal(run: Run, member: WatchedProcess, name: NodeJS.Signals): void {
  const { role, bornAt } = member
  if (harmless.includes(name) && performance.now() - bornAt > NEWBORN_MS) return
  const isHandled = stops.includes(name) && (role === 'supervisor' || role === 'worker')
  if (isHandled) {
    if (role === 'worker') member.askedAt ??= performance.now()
    else run.ask()
    return
  }
  // Whatever is not handled may kill it, so it lives for certain until now only.
  member.hurtAt = performance.now()
  member.aliveAt = performance.now()
}

export function kill(slot: Slot, { targets }: Of<'kill'>): boolean {
  const members = membersOf(slot, targets)
  for (const member of members) {
    member.hurtAt = performance.now()
    member.aliveAt = performance.now()
  }
  return members.map((member) => send(member, 'SIGKILL')).includes(true)
}

export function outOfMemory(slot: Slot): boolean {
  return kill(slot, { kind: 'kill', slot: slot.index, targets: ['opencode'] })
}

export function freeze(slot: Slot, { targets, forMs }: Of<'freeze'>, later: Later): boolean {
  // Whoever stands still already would be woken by the end of the other fault.
  const moving = membersOf(slot, targets).filter((member) =>
    member.frozen.every(({ to }) => to !== undefined),
  )
  const stopped = moving.flatMap((member) => {
    const span = { from: performance.now() }
    member.frozen.push(span)
    if (member.role === 'guard') member.hurtAt = span.from
    return send(member, 'SIGSTOP') ? [{ member, span }] : []
  })
  later(forMs, () => {
    for (const { member, span } of stopped) {
      send(member, 'SIGCONT')
      Object.assign(span, { to: performance.now() })
    }
  })
  return stopped.length > 0
}

export function block(slot: Slot, { forMs }: Of<'block'>): boolean {
  const worker = listener(slot)
  if (!worker) return false
  worker.frozen.push({ from: performance.now(), to: performance.now() + forMs + READ_MS })
  slot.seam.block(forMs)
  return true
}

export function throwUp(slot: Slot, { how }: Of<'throw'>): boolean {
  const worker = listener(slot)
  if (!worker) return false
  worker.askedAt ??= performance.now()
  slot.seam.throwUp(how)
  return true
}

export function setClock(slot: Slot, { byMs }: Of<'clock'>): boolean {
  if (slot.isReal || !slot.run?.member('worker')) return false
  slot.seam.shiftClock(byMs)
  return true
}

/** The worker that gets orders by the seam, if there is one. */
function listener({ isReal, run, seam }: Slot): WatchedProcess | undefined {
  const worker = isReal ? undefined : run?.member('worker')
  const now = performance.now()
  const isAwake = worker && !touches(worker.frozen, now, now)
  return isAwake && seam.isHeardBy(worker.pid) ? worker : undefined
}

function membersOf(slot: Slot, targets: readonly Role[]): WatchedProcess[] {
  return targets.flatMap((role) => slot.run?.member(role) ?? [])
}
