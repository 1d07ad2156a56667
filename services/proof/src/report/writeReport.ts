import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { founding } from '../cost/peers'
import { plotsOf, tablesOf, type BenchResult } from './BenchResult'
import { chaosTable, longestTable, type ChaosFigures } from './chaosTables'
import type { Surroundings } from './surroundings'
import { toMarkdown, type Table } from './Table'

const docs = join(import.meta.dirname, '../../../../docs')

/** What is said below a table, by the beginning of its title. */
const NOTES: Record<string, string> = {
  'Cost of one operation': `Counted on convex-test, in documents and functions: what a Convex deployment bills, and what limits it; a document that is written was read, too. The founding system: ${founding.source}. \`@convex-dev/presence\`, a room for each machine and a session for each worker, was counted in the same run; but that its lists do not run again is from its source. Lists: of Rollcall a page of 200 machines and the ten workers of one, of the component one room.

![Documents read by a sweep that finds nobody, against the size of the fleet](benchmarks/cost.svg)`,
  'Cost of a quiet day': `A heartbeat each 30 s, and the sweeps of a day, at most as many as there can be. The founding system's calls are with one viewer, its documents without what its lists read again.`,
  Detection: `Real processes, one machine: the embedded backend, supervisor, worker and the real opencode. The clock is that of the process that kills, from just before the system call to when its own subscription to the machine's workers has the news. Counted from the last heartbeat where only silence tells, at the default times. p99 by nearest rank: of fewer than a hundred runs the longest. That a page which loses its own connection says so is asked in \`services/web/tests/e2e/connection.test.ts\`.

![From death to page, a dot for each run](benchmarks/detection.svg)`,
  'Start-up': `Everything in one terminal: backend, page (built before) and a worker with the real opencode and its own catalog of models.`,
  Throughput: `Durable, in a process of its own; latency from when a heartbeat was due. \`pnpm bench load\` has a larger fleet for longer.`,
  Chaos: `\`pnpm chaos\`: real supervisors, workers, guards and processes of opencode under a random schedule of faults, while people chat; an oracle that knows from \`/proc\` who really lives judges every status that a subscribed page was shown, every message, process and transition ([chaos](chaos.md)). A fault that met nobody is not counted. Statuses are judged by times that are short: stale after 3 s. What is allowed grows while the backend is away and by the grace that it then grants, and where a network hides who could tell.`,
}

const HEAD =
  'Written by `pnpm bench`, which measures all of this again and ends with 1 if a promise is broken (`pnpm bench --help` has its parts), and by `pnpm chaos --write`.'

/** Chaos is the last part: either command writes its own, and leaves the other's. */
const CHAOS = '\n## Chaos'

/** Writes what was measured into `docs/benchmarks.md`, and its images. Answers the paths. */
export async function writeReport(measured: Measured): Promise<string[]> {
  const path = join(docs, 'benchmarks.md')
  const before = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  })
  const files: Record<string, string> = { [path]: reportOf(measured, before) }
  const folder = join(docs, 'benchmarks')
  await mkdir(folder, { recursive: true })
  for (const [name, plot] of Object.entries(measured.bench ? plotsOf(measured.bench) : {}))
    files[join(folder, name)] = plot
  for (const [file, content] of Object.entries(files)) await writeFile(file, content)
  return Object.keys(files)
}

/** What one of the commands has measured, or both. */
export interface Measured {
  bench?: BenchResult
  chaos?: ChaosFigures
}

/** The whole document: what is new, and what it said `before` of the rest. */
export function reportOf({ bench, chaos }: Measured, before = ''): string {
  const at = before.indexOf(CHAOS)
  const [ofBench, ofChaos] = at < 0 ? [before, ''] : [before.slice(0, at), before.slice(at)]
  const parts = [bench ? benchPart(bench) : ofBench || '# Benchmarks', chaos ? chaosPart(chaos) : ofChaos]
  const said = parts.map((part) => part.trim()).filter((part) => part !== '')
  return `${said.join('\n\n')}\n`
}

function benchPart(bench: BenchResult): string {
  const parts = tablesOf(bench).map(section)
  return ['# Benchmarks', HEAD, described(bench.surroundings), ...parts].join('\n\n')
}

function chaosPart(chaos: ChaosFigures): string {
  return [section(chaosTable(chaos)), toMarkdown(longestTable(chaos)), described(chaos.surroundings)].join(
    '\n\n',
  )
}

function described({ date, cores, cpu, memoryGiB, system, versions }: Surroundings): string {
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${date}, ${cores} cores of ${cpu}, ${memoryGiB} GiB, ${system}; ${known.join(', ')}.`
}

function section(table: Table): string {
  const note = Object.entries(NOTES).find(([title]) => table.title.startsWith(title))?.[1]
  return [`## ${table.title}`, toMarkdown(table), ...(note === undefined ? [] : [note])].join('\n\n')
}
