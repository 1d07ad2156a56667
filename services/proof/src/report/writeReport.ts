import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { founding } from '../cost/peers'
import { plotsOf, tablesOf, type BenchResult } from './BenchResult'
import { toMarkdown } from './Table'

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
}

/** Writes `docs/benchmarks.md` and its images. Answers the paths. */
export async function writeReport(result: BenchResult): Promise<string[]> {
  const folder = join(docs, 'benchmarks')
  await mkdir(folder, { recursive: true })
  const files: Record<string, string> = { [join(docs, 'benchmarks.md')]: reportOf(result) }
  for (const [name, plot] of Object.entries(plotsOf(result))) files[join(folder, name)] = plot
  for (const [path, content] of Object.entries(files)) await writeFile(path, content)
  return Object.keys(files)
}

/** The whole document. */
export function reportOf(result: BenchResult): string {
  const { date, cores, cpu, memoryGiB, system, versions } = result.surroundings
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const parts = tablesOf(result).map((table) => {
    const note = Object.entries(NOTES).find(([title]) => table.title.startsWith(title))?.[1]
    return [`## ${table.title}`, toMarkdown(table), ...(note === undefined ? [] : [note])].join('\n\n')
  })
  return `${[
    '# Benchmarks',
    `Written by \`pnpm bench\`, which measures all of this again, and ends with 1 if a promise is broken; \`pnpm bench --help\` has its parts.`,
    `${date}, ${cores} cores of ${cpu}, ${memoryGiB} GiB, ${system}; ${known.join(', ')}.`,
    ...parts,
  ].join('\n\n')}\n`
}
