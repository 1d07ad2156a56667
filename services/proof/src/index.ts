import { Command, InvalidArgumentError } from 'commander'
import { measureCost } from './cost/measureCost'
import { detectionNames, runDetection } from './detection/runDetection'
import { RunningWorker } from './fleet/RunningWorker'
import { runLoad } from './load/runLoad'
import { faultsOf, tablesOf, type BenchResult } from './report/BenchResult'
import { Progress } from './report/Progress'
import { readSurroundings } from './report/surroundings'
import { toText } from './report/Table'
import { writeReport } from './report/writeReport'
import { measureStartup } from './startup/measureStartup'

const MAX_INTERVAL_S = 3_600
/** Of each way to die, and of each way to start. */
const RUNS = 20
const STARTS = 5
/** As many heartbeats a second as those of 20,000 workers. */
const SHORT_LOAD = { workers: 2_000, pages: 4, seconds: 30, intervalMs: 3_000 }

const progress = new Progress()
const { say } = progress

function whole(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number === 0)
    throw new InvalidArgumentError('It must be a whole number above 0.')
  return number
}

function kinds(text: string): string[] {
  const names = text.split(',')
  const unknown = names.filter((name) => !detectionNames.includes(name))
  if (unknown.length > 0) throw new InvalidArgumentError(`${unknown.join(', ')}: not among them.`)
  return names
}

/** Prints what was measured, as JSON or as tables, and what is not as promised; then the exit code is 1. */
function tell(measured: Omit<BenchResult, 'surroundings'>, { json }: { json?: true }): BenchResult {
  const result = { surroundings: readSurroundings(), ...measured }
  say('')
  const text = json ? JSON.stringify(result) : tablesOf(result).map(toText).join('\n\n')
  process.stdout.write(`${text}\n`)
  const faults = faultsOf(result)
  for (const fault of faults) progress.note(fault)
  if (faults.length > 0) process.exitCode = 1
  return result
}

const bench = new Command('bench')
  // An option of a part is not one of all.
  .enablePositionalOptions()
  .description(
    'Measures Rollcall: what it costs, how soon a death is seen, how long a start takes, what the embedded backend bears. About 20 minutes. Writes docs/benchmarks.md; ends with 1 if a promise is broken.',
  )
  .option('--json', 'print the figures as JSON')
  .option('--runs <count>', 'how often each way to die', whole, RUNS)
  .option('--no-write', 'write no docs')
  .action(async (options: { json?: true; runs: number; write: boolean }) => {
    const detection = await runDetection({ runs: options.runs, progress })
    const startup = await measureStartup({ runs: Math.min(options.runs, STARTS), progress })
    const load = await runLoad({ ...SHORT_LOAD, say })
    const cost = await measureCost({ progress })
    const result = tell({ cost, detection, startup, load }, options)
    if (!options.write) return
    for (const path of await writeReport(result)) progress.note(`wrote ${path}`)
  })

// The parts by themselves write nothing.
bench
  .command('cost')
  .description('Documents and functions per heartbeat, per sweep and per day, counted, beside the peers.')
  .option('--json', 'print the figures as JSON')
  .action(async (options: { json?: true }) => void tell({ cost: await measureCost({ progress }) }, options))

bench
  .command('detection')
  .description('From each way to die to the moment at which a subscribed client sees it; real processes.')
  .option('--runs <count>', 'how often each', whole, RUNS)
  .option('--kinds <names>', `of these, by commas: ${detectionNames.join(', ')}`, kinds)
  .option('--json', 'print the figures as JSON')
  .action(async ({ runs, kinds: names, json }: { runs: number; kinds?: string[]; json?: true }) => {
    tell({ detection: await runDetection({ runs, names, progress }) }, { ...(json && { json }) })
  })

bench
  .command('startup')
  .description('From the command to worker.ready.')
  .option('--runs <count>', 'how often', whole, STARTS)
  .option('--json', 'print the figures as JSON')
  .action(async ({ runs, json }: { runs: number; json?: true }) => {
    tell({ startup: await measureStartup({ runs, progress }) }, { ...(json && { json }) })
  })

bench
  .command('load')
  .description(
    'A fleet that beats on the embedded backend, with pages that follow it; durable, in processes of their own.',
  )
  .option('--workers <count>', 'how many beat', whole, 20_000)
  .option('--pages <count>', 'how many pages follow them', whole, 20)
  .option('--seconds <count>', 'how long', whole, 300)
  .option('--interval <seconds>', 'from one beat of a worker to its next', whole, 30)
  .option('--json', 'print the figures as JSON')
  .action(
    async (options: { workers: number; pages: number; seconds: number; interval: number; json?: true }) => {
      const { workers, pages, seconds } = options
      const intervalMs = 1_000 * Math.min(options.interval, MAX_INTERVAL_S)
      tell({ load: await runLoad({ workers, pages, seconds, intervalMs, say }) }, options)
    },
  )

/** Workers are in groups of their own, which a terminal's Ctrl+C does not reach. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void RunningWorker.endAll().finally(() => process.exit(130)))
}

await bench.parseAsync()
