import { Command, InvalidArgumentError } from 'commander'
import { readFile } from 'node:fs/promises'
import { randomInt } from 'node:crypto'
import { bugNames, type BugName } from './bugs'
import { describeResult } from './describeResult'
import { runChaos } from './runChaos'
import { fault, schedule as scheduleShape, type FaultKind, type Schedule } from './schedule/Schedule'
import { DEFAULT_SLACK_MS } from './times'

const MAX_SEED = 2 ** 31 - 1

/** Faults at which a machine with two cores is busy, but not late: see docs/chaos.md. */
const FAULTS_PER_SECOND = 4

interface Options {
  seed?: number
  minutes: number
  seconds: number
  light: number
  real: number
  rate: number
  slack: number
  faults?: FaultKind[]
  schedule?: Schedule
  bug?: BugName
  shrink: boolean
  json?: true
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

/** Progress, in one line that is written over in a terminal; nothing where nobody looks. */
function say(progress: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress}`)
}

const chaos = new Command('chaos')
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

chaos.parse()
const { schedule: file, ...options } = chaos.opts<Omit<Options, 'schedule'> & { schedule?: string }>()
const given = file === undefined ? undefined : scheduleShape.parse(JSON.parse(await readFile(file, 'utf8')))
const seed = options.seed ?? given?.seed ?? randomInt(1, MAX_SEED)
process.stderr.write(`seed ${seed}, granted ${options.slack} ms on top of every promise\n`)
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

try {
  const result = await runChaos({
    ...{ seed, seconds: options.seconds, totalSeconds: options.minutes * 60 },
    ...{ light: options.light, real: options.real, faultsPerSecond: options.rate, slackMs: options.slack },
    ...{ kinds: options.faults, schedule: given, bug: options.bug, shrinks: options.shrink },
    ...{ say, signal: stopping.signal },
  })
  say('')
  process.stdout.write(`${options.json ? JSON.stringify(result) : describeResult(result)}\n`)
  process.exitCode = result.violations.length > 0 ? 1 : 0
} catch (error: unknown) {
  if (!stopping.signal.aborted) throw error
  say('')
  process.exitCode = 130
}
