import { alerting, SECOND } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { makeFleet, passTime, register, WITNESS_KEY, type Backend, type Member, type Owner } from './setup'

/** What brings alerts about, and who sees them. */

export const openFor = ({ as }: Owner) => as.query(api.alerts.open, {})

/** The newest fifty that are over. */
export const pastFor = async ({ as }: Owner) =>
  (await as.query(api.alerts.past, { paginationOpts: { numItems: 50, cursor: null } })).page

export function crash(
  t: Backend,
  { credentials: { workerId, epoch } }: Member,
  message = 'Error: no space left\n  at write',
) {
  return t.mutation(api.workers.reportExit, { witness: { workerId, epoch, key: WITNESS_KEY }, message })
}

/** Registers again what has crashed. */
export async function restart(t: Backend, member: Member): Promise<Member> {
  return { ...member, credentials: await register(t, member.worker) }
}

export async function crashTimes(t: Backend, member: Member, times: number): Promise<Member> {
  let now = member
  for (let i = 0; i < times; i++) {
    await crash(t, now)
    now = await restart(t, now)
  }
  return now
}

export function leave(t: Backend, { credentials }: Member) {
  return t.mutation(api.workers.goOffline, {
    ...{ credentials, reason: 'shutdown', evidence: { cause: 'SIGTERM' } },
  })
}

export function set(t: Backend, settings: Record<string, number>) {
  return t.mutation(internal.settings.update, settings)
}

/** Lets the judgement pass that the last transition asked for. */
export function judged(t: Backend) {
  return passTime(t, alerting.delayMs + SECOND)
}

/** Online workers, after the first look at the fleet. */
export async function watched(t: Backend, count: number): Promise<Member[]> {
  const fleet = await makeFleet(t, count)
  await judged(t)
  return fleet
}
