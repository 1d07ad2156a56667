import type { Choices } from './Choices'

/** What somebody who looks at the page shall see of a worker; what it does for that is in `lives.ts`. */
export const roleNames = [
  'ready',
  'busy',
  'stopped',
  'lost',
  'killed',
  'draining',
  'unstable',
  'restarting',
  'crashed',
  'waiting',
  'hung',
  'starting',
  'revoked',
] as const

export type Role = (typeof roleNames)[number]

/** How a run may have ended before anybody looks. */
export type PastEnd = 'stopped' | 'restarted' | 'killed'

/** Of a hundred workers besides one of each role. Trouble is rare: a fleet is never in pieces for long. */
const shares: Partial<Record<Role, number>> = { busy: 12, stopped: 7, killed: 1, lost: 1, crashed: 1 }

/** Chats that go on at a time: more than a person can begin within a minute would have to wait. */
const MOST_BUSY = 16

/** One of each role as long as that is less than two thirds of the fleet, in the order of `roleNames`; most others are ready. */
export function rolesFor(workers: number, choices: Choices): Role[] {
  const special = roleNames.slice(0, Math.max(1, Math.floor((workers * 2) / 3)))
  const roles: Role[] = [...special]
  let busy = roles.filter((role) => role === 'busy').length
  for (let worker = roles.length; worker < workers; worker++) {
    let left = choices.whole(`role ${worker}`, 1, 100)
    const drawn = (Object.entries(shares) as [Role, number][]).find(([, share]) => (left -= share) <= 0)
    const role = drawn?.[0] ?? 'ready'
    const isTooBusy = role === 'busy' && busy >= MOST_BUSY
    if (role === 'busy' && !isTooBusy) busy += 1
    roles.push(isTooBusy ? 'ready' : role)
  }
  return roles
}
