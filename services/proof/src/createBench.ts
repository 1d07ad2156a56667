import { Command, InvalidArgumentError } from 'commander'
import { detectionNames } from './detection/deaths'

/** Of each way to die, and of each way to start. */
const RUNS = 20
export const STARTS = 5

/** What each command does with what was typed. */
export interface BenchParts {
  everything: (options: { json?: true; runs: number; write: boolean }) => Promise<void>
  cost: (options: { json?: true }) => Promise<void>
  detection: (options: { runs: number; kinds?: string[]; json?: true }) => Promise<void>
  startup: (options: { runs: number; json?: true }) => Promise<void>
  load: (options: LoadChoice & { json?: true }) => Promise<void>
}

/** `interval`: seconds, as `seconds` are. */
export interface LoadChoice {
  workers: number
  pages: number
  seconds: number
  interval: number
}

/** The commands of `pnpm bench`, with what they take. Loads nothing of what measures: docs/configuration.md is made from it. */
export function createBench(parts: BenchParts): Command {
  const bench = new Command('bench')
    // An option of a part is not one of all.
    .enablePositionalOptions()
    .description(
      'Measures Rollcall: what it costs, how soon a death is seen, how long a start takes, what the embedded backend bears. About 20 minutes. Writes docs/benchmarks.md; ends with 1 if a promise is broken.',
    )
    .option('--json', 'print the figures as JSON')
    .option('--runs <count>', 'how often each way to die', whole, RUNS)
    .option('--no-write', 'write no docs')
    .action(parts.everything)

  // The parts by themselves write nothing.
  bench
    .command('cost')
    .description('Documents and functions per heartbeat, per sweep and per day, counted, beside the peers.')
    .option('--json', 'print the figures as JSON')
    .action(parts.cost)

  bench
    .command('detection')
    .description('From each way to die to the moment at which a subscribed client sees it; real processes.')
    .option('--runs <count>', 'how often each', whole, RUNS)
    .option('--kinds <names>', `of these, by commas: ${detectionNames.join(', ')}`, kinds)
    .option('--json', 'print the figures as JSON')
    .action(parts.detection)

  bench
    .command('startup')
    .description('From the command to worker.ready.')
    .option('--runs <count>', 'how often', whole, STARTS)
    .option('--json', 'print the figures as JSON')
    .action(parts.startup)

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
    .action(parts.load)

  return bench
}

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
