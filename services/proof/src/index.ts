import { Command, InvalidArgumentError } from 'commander'
import { runLoad, type LoadResult } from './load/runLoad'

const MAX_INTERVAL_S = 3_600

function whole(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number === 0)
    throw new InvalidArgumentError('It must be a whole number above 0.')
  return number
}

/** Progress, in one line that is written over in a terminal; nothing where nobody looks. */
function say(progress: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress}`)
}

function table({ workers, pages, seconds, ...figures }: LoadResult): string {
  const { beatsPerSecond, beats, failures, p50Ms, p99Ms, longestMs, longestAtFirstMs } = figures
  const { falseOffline, sweepOverdueMs, sweeps, residentMiB, updatesOfPages } = figures
  const rows: [string, string][] = [
    ['fleet', `${workers} workers, ${pages} pages, ${seconds} s`],
    ['heartbeats', `${beats}, ${beatsPerSecond.toFixed(0)} a second, ${failures} failed`],
    ['latency', `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, longest ${longestMs.toFixed(1)} ms`],
    ['while pages open', `longest ${longestAtFirstMs.toFixed(0)} ms`],
    ['sweeps', `${sweeps}, overdue by at most ${sweepOverdueMs.toFixed(0)} ms`],
    ['falsely offline', String(falseOffline)],
    ['memory', residentMiB === undefined ? 'not known here' : `${residentMiB.toFixed(0)} MiB`],
    ['pages told again', String(updatesOfPages)],
  ]
  return rows.map(([name, value]) => `${name.padEnd(17)} ${value}`).join('\n')
}

const bench = new Command('bench').description('Measures Rollcall.')

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
      const { workers, pages, seconds, json } = options
      const intervalMs = 1_000 * Math.min(options.interval, MAX_INTERVAL_S)
      const result = await runLoad({ workers, pages, seconds, intervalMs, say })
      say('')
      process.stdout.write(`${json ? JSON.stringify(result) : table(result)}\n`)
    },
  )

await bench.parseAsync()
