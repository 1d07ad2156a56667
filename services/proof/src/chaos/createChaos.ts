import { Command, InvalidArgumentError } from 'commander'
import { bugNames, type BugName } from './bugs'
import { fault, type FaultKind } from './schedule/Schedule'
import { DEFAULT_SLACK_MS } from './times'

export const MAX_SEED = 2 ** 31 - 1

/** Faults at which a machine with two cores is busy, but not late: see docs/chaos.md. */
const FAULTS_PER_SECOND = 4

/** What was typed. */
export interface ChaosChoice {
  seed?: number
  minutes: number
  seconds: number
  light: number
  real: number
  rate: number
  /** Milliseconds. */
  slack: number
  faults?: FaultKind[]
  /** A file. */
  schedule?: string
  bug?: BugName
  shrink: boolean
  json?: true
  write?: true
}

/** The command of `pnpm chaos`, with what it takes. Loads nothing of what runs: docs/configuration.md is made from it. */
export function createChaos(run: (choice: ChaosChoice) => Promise<void>): Command {
  return new Command('chaos')
    .description('A fleet of real workers under a random schedule of faults, judged at every moment.')
    .option('--seed <number>', 'of the first round; each further one has the next number', whole)
    .option('--minutes <number>', 'how long faults are made, in all rounds together', positive, 2)
    .option('--seconds <number>', 'how long faults are made in one round', positive, 60)
    .option('--light <count>', 'workers with a light opencode', whole, 12)
    .option('--real <count>', 'workers with the real opencode', whole, 2)
    .option('--rate <number>', 'faults per second', positive, FAULTS_PER_SECOND)
    .option('--slack <ms>', 'what this machine is granted on top of every promise', whole, DEFAULT_SLACK_MS)
    .option('--faults <kinds>', 'only these kinds, with commas between them', kindsIn)
    .option('--schedule <file>', 'one round by this schedule, as a violation prints it')
    .option('--bug <name>', `a deliberate bug, to prove the oracle: ${bugNames.join(', ')}`, bug)
    .option('--no-shrink', 'print the whole schedule of a violation, not the least that still shows it')
    .option('--json', 'print the result as JSON')
    .option('--write', 'write the figures into docs/benchmarks.md')
    .action(run)
}

function whole(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > MAX_SEED) throw new InvalidArgumentError('It must be a whole number.')
  return number
}

function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number above 0.')
  return number
}

const kinds: readonly string[] = fault.options.map(({ shape }) => shape.kind.value)

function kindsIn(text: string): FaultKind[] {
  const asked = text.split(',')
  if (!asked.every((kind) => kinds.includes(kind)))
    throw new InvalidArgumentError(`They are: ${kinds.join(', ')}.`)
  return asked as FaultKind[]
}

function bug(text: string): BugName {
  const found = bugNames.find((name) => name === text)
  if (!found) throw new InvalidArgumentError(`They are: ${bugNames.join(', ')}.`)
  return found
}
