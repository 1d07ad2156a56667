import { countStatuses } from './countStatuses'
import type { StatusWord } from './marks'
import type { MachineView } from './WorkerView'

/**
 * Trouble by how much it matters, red before amber; then what goes on, then who is not there. A worker that was stopped on
 * purpose says nothing about the others: one that is ready is told rather than it.
 */
const worstFirst = [
  'crashed',
  'lost',
  'hung',
  'unstable',
  'waiting',
  'draining',
  'busy',
  'ready',
  'starting',
  'offline',
  'replaced',
  'revoked',
] as const satisfies StatusWord[]

/** The status to know about a fleet if there is room for one, and how many have it; undefined if there is no worker. */
export function worstStatus(
  machines: readonly MachineView[],
): { word: StatusWord; count: number } | undefined {
  const counts = countStatuses(machines)
  return worstFirst.flatMap((word) => counts.filter((counted) => counted.word === word))[0]
}

/** Negative if `a` is to be told before `b`. */
export function compareTrouble(a: StatusWord, b: StatusWord): number {
  return worstFirst.indexOf(a) - worstFirst.indexOf(b)
}
