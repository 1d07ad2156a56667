import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { expect, onTestFinished } from 'vitest'
import { FIXTURES } from '../engine/openTestEngine'
import { randomSequence } from './randomSequence'

/** Small enough that the log is compacted most of the time. */
const COMPACT_AFTER_BYTES = 20_000
/** How long after its start, and after its writers began, a process may be killed, in ms. */
const START_MS = 600
const WRITING_MS = 300
/** A compaction makes about this many changes in the folder. */
const COMPACTION_STEPS = 12

export type KillMoment = 'starting' | 'writing' | 'compacting'

/**
 * Runs the writers of `ledgerWriters.ts` and kills them at a moment of that kind that `seed` chooses. Answers the last transfer of each writer that was acknowledged.
 */
export async function writeUntilKilled(
  dataDir: string,
  moment: KillMoment,
  seed: number,
): Promise<Map<string, number>> {
  const pick = randomSequence(seed)
  const program = `${FIXTURES}ledgerWriters.ts`
  const args = ['--import', 'tsx', program, dataDir, `${seed}`, `${COMPACT_AFTER_BYTES}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = () => void child.kill('SIGKILL')
  onTestFinished(kill)
  const closed = once(child, 'close')
  let printed = ''
  const began = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (printed.includes('ready')) resolve()
    })
  })
  if (moment !== 'starting') await Promise.race([began, closed])
  // Compactions are soon there; whoever waits for one in vain is killed all the same.
  const latest = { starting: pick(START_MS), writing: pick(WRITING_MS), compacting: WRITING_MS }
  const timer = setTimeout(kill, latest[moment])
  const step = 1 + pick(COMPACTION_STEPS)
  const stopWatching = moment === 'compacting' ? atStepOfCompaction(dataDir, step, kill) : undefined
  await closed
  clearTimeout(timer)
  stopWatching?.()
  expect(child.signalCode).toBe('SIGKILL')
  return lastOfEach(printed)
}

/** Calls `act` at the `step`th change in the folder after a snapshot was begun. Answers what stops that. */
function atStepOfCompaction(dataDir: string, step: number, act: () => void): () => void {
  let left = step
  let compacting = false
  const watcher = watch(dataDir, (_, name) => {
    compacting ||= name?.startsWith('snapshot-') === true
    if (compacting && --left === 0) act()
  })
  return () => watcher.close()
}

/** Lines are `writer n`; one that was cut off was not said. */
function lastOfEach(printed: string): Map<string, number> {
  const said = printed
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '))
  return new Map(said.filter(([writer]) => writer !== 'ready').map(([writer = '', n]) => [writer, Number(n)]))
}
