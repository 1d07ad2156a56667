import { HOUR, MINUTE, SECOND } from '@rollcall/backend/contract'
import { styleText } from 'node:util'
import type { Fleet, FleetMachine, FleetWorker } from './Fleet'

type Colour = 'green' | 'blue' | 'yellow' | 'red' | 'gray'

interface Mark {
  shape: string
  word: string
  colour: Colour
}

/** The page's shapes and words; colour is never the only difference. */
const marks = {
  ready: { shape: '●', word: 'ready', colour: 'green' },
  busy: { shape: '◐', word: 'busy', colour: 'blue' },
  starting: { shape: '◐', word: 'starting', colour: 'gray' },
  draining: { shape: '◔', word: 'draining', colour: 'yellow' },
  hung: { shape: '◍', word: 'hung', colour: 'red' },
  shutdown: { shape: '○', word: 'offline', colour: 'gray' },
  crashed: { shape: '✕', word: 'crashed', colour: 'red' },
  stale: { shape: '◌', word: 'lost', colour: 'red' },
  superseded: { shape: '⊘', word: 'replaced', colour: 'gray' },
  revoked: { shape: '⊘', word: 'revoked', colour: 'gray' },
  waiting: { shape: '◇', word: 'waiting', colour: 'yellow' },
} as const satisfies Record<string, Mark>

export function markOf(worker: FleetWorker): Mark {
  if (worker.approval === 'revoked') return marks.revoked
  if (worker.approval === 'pending') return marks.waiting
  if (worker.status === 'online') return marks[worker.phase ?? 'starting']
  return marks[worker.offlineReason ?? 'shutdown']
}

const troubleOf = (worker: FleetWorker) => ['red', 'yellow'].indexOf(markOf(worker).colour)
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** The least first; no trouble sorts last. */
const rank = (trouble: number) => (trouble === -1 ? 2 : trouble)

/** A table for a terminal: what is in trouble first, then by name. `now` in ms since 1970. */
export function renderFleet(
  { machines }: Fleet,
  { now, colours }: { now: number; colours: boolean },
): string {
  if (machines.length === 0) return 'No machines yet. `pnpm start` adds this one.'
  const width = Math.max(...machines.flatMap(({ workers }) => workers.map(({ name }) => name.length)), 0)
  const paint = (colour: Colour, text: string) =>
    colours ? styleText(colour, text, { validateStream: false }) : text
  const row = (worker: FleetWorker) => {
    const { shape, word, colour } = markOf(worker)
    return `  ${paint(colour, `${shape} ${word.padEnd(8)}`)}  ${worker.name.padEnd(width)}  ${sentence(worker, now)}`
  }
  const machineTrouble = ({ workers }: FleetMachine) =>
    Math.min(2, ...workers.map((worker) => rank(troubleOf(worker))))
  return machines
    .toSorted((a, b) => machineTrouble(a) - machineTrouble(b) || byName.compare(a.name, b.name))
    .map((machine) => {
      const online = machine.workers.filter(({ status }) => status === 'online').length
      const rows = machine.workers
        .toSorted((a, b) => rank(troubleOf(a)) - rank(troubleOf(b)) || byName.compare(a.name, b.name))
        .map(row)
      return [`${machine.name}  ${online} of ${machine.workers.length} online`, ...rows].join('\n')
    })
    .join('\n\n')
}

function sentence({ epoch, status, statusChangedAt, lastHeartbeatAt }: FleetWorker, now: number): string {
  if (epoch === 0) return 'never started'
  const heard = lastHeartbeatAt === null ? '' : `, last heartbeat ${ago(lastHeartbeatAt, now)}`
  return `${status} ${since(statusChangedAt, now)}${heard}, run ${epoch}`
}

function ago(at: number, now: number): string {
  const age = now - at
  if (age < SECOND) return 'just now'
  return age < HOUR ? `${short(age)} ago` : clock(at, now)
}

function since(at: number, now: number): string {
  const age = Math.max(SECOND, now - at)
  return age < HOUR ? `for ${short(age)}` : `since ${clock(at, now)}`
}

/** Rounds down. */
const short = (ms: number) =>
  ms < MINUTE ? `${Math.floor(ms / SECOND)} s` : `${Math.floor(ms / MINUTE)} min`

/** The clock for today, else the day as well. */
function clock(at: number, now: number): string {
  const date = new Date(at)
  const time = date.toTimeString().slice(0, 5)
  return date.toDateString() === new Date(now).toDateString()
    ? time
    : `${date.toISOString().slice(0, 10)} ${time}`
}
