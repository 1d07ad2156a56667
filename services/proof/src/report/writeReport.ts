import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { founding } from '../cost/peers'
import { plotsOf, tablesOf } from './BenchResult'
import { chaosTable, longestTable } from './chaosTables'
import { addResults, type Results } from './Results'
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
  Chaos: `\`pnpm chaos\`: real supervisors, workers, guards and processes of opencode under a random schedule of faults, while people chat; an oracle that knows from \`/proc\` who really lives judges every status that a subscribed page was shown, every message, process and transition ([chaos](chaos.md)). A fault that met nobody is not counted. Statuses are judged by times that are short: stale after 3 s.`,
}

/** Writes `docs/benchmarks.md` and its images from what is given and what was written before. Answers the paths. */
export async function writeReport(measured: Results): Promise<string[]> {
  const folder = join(docs, 'benchmarks')
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'results.json')
  const results = await addResults(path, measured)
  const files: Record<string, string> = { [join(docs, 'benchmarks.md')]: reportOf(results) }
  for (const [name, plot] of Object.entries(results.bench ? plotsOf(results.bench) : {}))
    files[join(folder, name)] = plot
  for (const [file, content] of Object.entries(files)) await writeFile(file, content)
  return [path, ...Object.keys(files)]
}

/** The whole document. */
export function reportOf({ bench, chaos }: Results): string {
  return `${[
    '# Benchmarks',
    'Written by `pnpm bench`, which measures all of this again and ends with 1 if a promise is broken (`pnpm bench --help` has its parts), and by `pnpm chaos --write`. [results.json](benchmarks/results.json) has each run.',
    ...(bench ? [described(bench.surroundings), ...tablesOf(bench).map(section)] : []),
    ...(chaos
      ? [section(chaosTable(chaos)), toMarkdown(longestTable(chaos)), described(chaos.surroundings)]
      : []),
  ].join('\n\n')}\n`
}

function described({ date, cores, cpu, memoryGiB, system, versions }: Surroundings): string {
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${date}, ${cores} cores of ${cpu}, ${memoryGiB} GiB, ${system}; ${known.join(', ')}.`
}

function section(table: Table): string {
  const note = Object.entries(NOTES).find(([title]) => table.title.startsWith(title))?.[1]
  return [`## ${table.title}`, toMarkdown(table), ...(note === undefined ? [] : [note])].join('\n\n')
}
