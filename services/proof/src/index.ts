import { measureCost } from './cost/measureCost'
import { createBench, STARTS } from './createBench'
import { runDetection } from './detection/runDetection'
import { RunningWorker } from './fleet/RunningWorker'
import { runLoad } from './load/runLoad'
import { faultsOf, tablesOf, type BenchResult } from './report/BenchResult'
import { Progress } from './report/Progress'
import { readSurroundings } from './report/surroundings'
import { toText } from './report/Table'
import { writeReport } from './report/writeReport'
import { measureStartup } from './startup/measureStartup'

const MAX_INTERVAL_S = 3_600
/** As many heartbeats a second as those of 20,000 workers. */
const SHORT_LOAD = { workers: 2_000, pages: 4, seconds: 30, intervalMs: 3_000 }

const progress = new Progress()
const { say } = progress

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

const bench = createBench({
  async everything(options) {
    const detection = await runDetection({ runs: options.runs, progress })
    const startup = await measureStartup({ runs: Math.min(options.runs, STARTS), progress })
    const load = await runLoad({ ...SHORT_LOAD, say })
    const cost = await measureCost({ progress })
    const result = tell({ cost, detection, startup, load }, options)
    if (!options.write) return
    for (const path of await writeReport({ bench: result })) progress.note(`wrote ${path}`)
  },
  async cost(options) {
    tell({ cost: await measureCost({ progress }) }, options)
  },
  async detection({ runs, kinds: names, ...options }) {
    tell({ detection: await runDetection({ runs, names, progress }) }, options)
  },
  async startup({ runs, ...options }) {
    tell({ startup: await measureStartup({ runs, progress }) }, options)
  },
  async load({ workers, pages, seconds, interval, ...options }) {
    const intervalMs = 1_000 * Math.min(interval, MAX_INTERVAL_S)
    tell({ load: await runLoad({ workers, pages, seconds, intervalMs, say }) }, options)
  },
})

/** Workers are in groups of their own, which a terminal's Ctrl+C does not reach. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void RunningWorker.endAll().finally(() => process.exit(130)))
}

await bench.parseAsync()
