import { readFile } from 'node:fs/promises'
import { randomInt } from 'node:crypto'
import { createChaos, MAX_SEED, type ChaosChoice } from './createChaos'
import { faultCount } from '../report/chaosTables'
import { readSurroundings } from '../report/surroundings'
import { writeReport } from '../report/writeReport'
import { describeResult } from './describeResult'
import { runChaos, type ChaosResult } from './runChaos'
import { schedule as scheduleShape } from './schedule/Schedule'

/** Progress, in one line that is written over in a terminal; nothing where nobody looks. */
function say(progress: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress}`)
}

/** Ends with 1 if a promise was broken, with 130 if it was told to stop: then the rounds that were over count. */
async function run({ schedule: file, ...options }: ChaosChoice): Promise<void> {
  const given = file === undefined ? undefined : scheduleShape.parse(JSON.parse(await readFile(file, 'utf8')))
  const seed = options.seed ?? given?.seed ?? randomInt(1, MAX_SEED)
  process.stderr.write(`seed ${seed}, granted ${options.slack} ms on top of every promise\n`)
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

  const result = await runChaos({
    ...{ seed, seconds: options.seconds, totalSeconds: options.minutes * 60 },
    ...{ light: options.light, real: options.real, faultsPerSecond: options.rate, slackMs: options.slack },
    ...{ kinds: options.faults, schedule: given, bug: options.bug, shrinks: options.shrink },
    ...{ say, onRound, signal: stopping.signal },
  })
  say('')
  process.stdout.write(`${options.json ? JSON.stringify(result) : describeResult(result)}\n`)
  if (options.write && result.seeds.length > 0) {
    const figures = { ...result, surroundings: readSurroundings() }
    for (const path of await writeReport({ chaos: figures })) process.stderr.write(`wrote ${path}\n`)
  }
  if (result.violations.length > 0) process.exitCode = 1
  else if (stopping.signal.aborted) process.exitCode = 130
}

/** One line that stays. */
function onRound(result: ChaosResult): void {
  say('')
  const { seeds, seconds, violations } = result
  const soFar = `${faultCount(result)} faults and ${seconds.toFixed(0)} s so far, ${violations.length} violations`
  process.stderr.write(`seed ${seeds.at(-1)} is over: ${soFar}\n`)
}

await createChaos(run).parseAsync()
