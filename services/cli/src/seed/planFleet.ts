import { limits } from '@rollcall/backend/contract'
import type { Described } from './SeededWorker'
import { Choices } from './Choices'
import { freeName, hosts, projects, type HostKind } from './names'
import { rolesFor, type PastEnd, type Role } from './roles'
import type { SeedChoice } from './seedChoice'

export interface PlannedWorker {
  name: string
  role: Role
  /** How its process describes itself. */
  described: Described
  /** How its earlier runs ended, the first one first. */
  past: PastEnd[]
  /** Whether it has answered a chat before. */
  hasChatted: boolean
}

export interface PlannedMachine {
  name: string
  workers: PlannedWorker[]
}

/** Chats that are over before anybody looks; with those of the busy they stay below what a person may begin within a minute. */
const FORMER_CHATS = 8
const NODE_VERSIONS = ['20.19.5', '22.21.1', '24.11.1']
const WORKER_VERSION = '0.1.0'
const LONGEST_PAST = 3
/** Most runs end as somebody wanted them to. */
const pastEnds: readonly PastEnd[] = ['stopped', 'stopped', 'stopped', 'restarted', 'restarted', 'killed']

/** The same fleet each time for the same choice; no machine has a name that is taken. */
export function planFleet(
  { workers, machines, seed }: SeedChoice,
  taken: Iterable<string>,
): PlannedMachine[] {
  const choices = new Choices(seed)
  const names = new Set(taken)
  const order = choices.shuffled('hosts', hosts)
  const roles = choices.shuffled('roles', rolesFor(workers, choices))
  let chatsLeft = FORMER_CHATS
  return sizes(workers, machines, choices).map((size, index) => {
    const [host, kind] = order[index % order.length] ?? ['host', hosts[0]?.[1] as HostKind]
    const name = freeName(host, names)
    names.add(name)
    const used = new Set<string>()
    const wanted = choices.shuffled(`projects of ${name}`, projects)
    const planned = Array.from({ length: size }, (_, place): PlannedWorker => {
      const project = wanted[place % wanted.length] ?? 'worker'
      const worker = freeName(project, used)
      used.add(worker)
      const role = roles.pop() ?? 'ready'
      const hasChatted = role === 'ready' && chatsLeft > 0
      if (hasChatted) chatsLeft -= 1
      const key = `${name} ${worker}`
      return {
        ...{ name: worker, role, hasChatted, past: pastOf(key, role, choices) },
        described: {
          hostname: `${name}.${kind.domain}`,
          pid: choices.whole(`pid of ${key}`, 1_000, 60_000),
          directory: kind.folder(project),
          versions: { worker: WORKER_VERSION, node: choices.pick(`Node of ${name}`, NODE_VERSIONS) },
        },
      }
    })
    return { name, workers: planned }
  })
}

/** How many workers each machine has: one at least, `limits.workersPerMachine` at most, some many and some few. */
function sizes(workers: number, machines: number, choices: Choices): number[] {
  const counts = Array<number>(machines).fill(1)
  const weights = counts.map((_, machine) => choices.whole(`weight of ${machine}`, 1, 6))
  const tickets = weights.flatMap((weight, machine) => Array<number>(weight).fill(machine))
  for (let placed = machines; placed < workers; placed++) {
    const hasRoom = (machine: number) => (counts[machine] ?? 0) < limits.workersPerMachine
    const machine = choices.pick(`place of ${placed}`, tickets.filter(hasRoom))
    counts[machine] = (counts[machine] ?? 0) + 1
  }
  return counts
}

function pastOf(key: string, role: Role, choices: Choices): PastEnd[] {
  if (role === 'waiting') return []
  const runs = Math.max(0, choices.whole(`past of ${key}`, -LONGEST_PAST, LONGEST_PAST))
  return Array.from({ length: runs }, (_, run) => choices.pick(`end of ${key} ${run}`, pastEnds))
}
