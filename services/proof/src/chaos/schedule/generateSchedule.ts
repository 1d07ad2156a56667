import { Random } from '../random'
import {
  backendFaults,
  networks,
  roles,
  signals,
  type Fault,
  type FaultKind,
  type PlannedChat,
  type Role,
  type Schedule,
} from './Schedule'

export interface ScheduleOptions {
  seed: number
  light: number
  real: number
  seconds: number
  faultsPerSecond: number
  /** Only faults of these kinds; all if undefined. */
  kinds?: readonly FaultKind[] | undefined
}

/** How often each kind comes, in thousandths. What concerns everybody is rare: nobody can be judged strictly meanwhile. */
const weights: Record<FaultKind, number> = {
  signal: 230,
  kill: 200,
  freeze: 170,
  network: 200,
  clock: 60,
  oom: 50,
  block: 35,
  duplicate: 25,
  throw: 20,
  revoke: 5,
  backend: 5,
}

/** Messages per second; one person may send one a second on average (`model/rateLimits`), and there are several. */
const CHATS_PER_SECOND = 2

/** Faults of a worker with a real opencode, for each hundred of one with a light one: it takes seconds to come back. */
const REAL_SHARE = 30

/** The only source of what happens in a round is its seed. */
export function generateSchedule(options: ScheduleOptions): Schedule {
  const { seed, light, real, seconds, faultsPerSecond, kinds } = options
  const random = new Random(seed)
  const lengthMs = seconds * 1_000
  const chosen = Object.fromEntries(
    Object.entries(weights).map(([kind, weight]) => [
      kind,
      kinds === undefined || kinds.includes(kind as FaultKind) ? weight : 0,
    ]),
  ) as typeof weights
  const slots = [...Array(light + real).keys()].flatMap((slot) =>
    Array<number>(slot < light ? 100 : REAL_SHARE).fill(slot),
  )
  const faults = Array.from({ length: Math.round(seconds * faultsPerSecond) }, () => ({
    atMs: random.whole(0, lengthMs),
    fault: makeFault(random, random.weighted(chosen), random.pick(slots), light),
  }))
  const chats = Array.from({ length: Math.round(seconds * CHATS_PER_SECOND) }, () =>
    makeChat(random, lengthMs, light + real),
  )
  const inOrder = (one: { atMs: number }, other: { atMs: number }) => one.atMs - other.atMs
  return { seed, light, real, lengthMs, faults: faults.sort(inOrder), chats: chats.sort(inOrder) }
}

function makeChat(random: Random, lengthMs: number, slots: number): PlannedChat {
  const atMs = random.whole(0, lengthMs)
  return { atMs, slot: random.whole(0, slots - 1), words: random.whole(3, 20), isNew: random.happens(40) }
}

function makeFault(random: Random, kind: FaultKind, slot: number, light: number): Fault {
  switch (kind) {
    case 'signal':
      return { kind, slot, to: random.pick([...roles, 'group']), signal: random.pick(signals) }
    case 'kill':
      return { kind, slot, targets: someRoles(random) }
    case 'freeze':
      // A whole tree that stands still is a machine that sleeps.
      return {
        ...{ kind, slot, targets: random.happens(40) ? [...roles] : someRoles(random) },
        forMs: duration(random),
      }
    case 'network':
      return { kind, slot, network: random.pick(networks), forMs: duration(random) }
    case 'backend':
      return { kind, how: random.pick(backendFaults), forMs: random.whole(100, 8_000) }
    case 'duplicate':
    case 'revoke':
    case 'oom':
      return { kind, slot }
    case 'clock':
      // What cannot be set for a real opencode would not be one clock.
      return { kind, slot: light > 0 ? slot % light : slot, byMs: jump(random) }
    case 'block':
      return { kind, slot, forMs: duration(random) }
    case 'throw':
      return { kind, slot, how: random.pick(['exception', 'rejection']) }
    default:
      return kind satisfies never
  }
}

/** One process for the most part, or several at once. */
function someRoles(random: Random): Role[] {
  if (random.happens(60)) return [random.pick(roles)]
  const several = roles.filter(() => random.happens(50))
  return several.length > 0 ? several : ['supervisor', 'worker']
}

/** Short for the most part; a fourth is longer than any promise. Milliseconds. */
function duration(random: Random): number {
  return random.happens(75) ? random.whole(50, 2_500) : random.whole(2_500, 14_000)
}

function jump(random: Random): number {
  const size = random.pick([1_000, 60_000, 3_600_000, 86_400_000])
  return random.pick([-1, 1]) * random.whole(1, size)
}
