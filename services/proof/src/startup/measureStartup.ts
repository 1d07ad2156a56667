import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { RunningWorker, type Launch } from '../fleet/RunningWorker'
import type { Progress } from '../report/Progress'

const LOOK_MS = 10
const PATIENCE_MS = 60_000

/** Milliseconds from the command to what it says. */
export interface Startup {
  what: string
  backendReady: number[]
  workerReady: number[]
}

/**
 * Starts everything with one command, so many times each: on no data yet, and on the data of that start. opencode has its own catalog
 * of models, as people have it; the page is built already.
 */
export async function measureStartup({
  runs,
  progress,
}: {
  runs: number
  progress: Progress
}): Promise<Startup[]> {
  const first: Startup = { what: '`npx pnpm start`, no data yet', backendReady: [], workerReady: [] }
  const next: Startup = { what: '`npx pnpm start` again', backendReady: [], workerReady: [] }
  // Whoever starts first builds the page.
  await startOnce(await mkdtemp(join(tmpdir(), 'rollcall-startup-')), true)
  for (let run = 1; run <= runs; run += 1) {
    progress.say(`start-up: ${run} of ${runs}`)
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-startup-'))
    for (const [startup, isLast] of [
      [first, false],
      [next, true],
    ] as const) {
      const { backendReady, workerReady } = await startOnce(folder, isLast)
      startup.backendReady.push(backendReady)
      startup.workerReady.push(workerReady)
    }
  }
  return [first, next]
}

async function startOnce(
  dataDir: string,
  isLast: boolean,
  launch: Launch = 'npx',
): Promise<{ backendReady: number; workerReady: number }> {
  const env = {
    ...{ ROLLCALL_DATA_DIR: dataDir, ROLLCALL_PORT: String(await freePort()), OPENCODE_MODELS_PATH: '' },
  }
  const running = await RunningWorker.start({ launch, env })
  try {
    const backendReady = (await printedAt(running, 'backend.ready')) - running.startedAt
    const workerReady = (await printedAt(running, 'worker.ready')) - running.startedAt
    return { backendReady, workerReady }
  } finally {
    await running.locate(workerPidIn(running.output))
    running.signal('SIGINT', 'group')
    await running.end()
    if (isLast) await rm(dataDir, { recursive: true, force: true })
  }
}

/** On `performance.now()`, to `LOOK_MS`. */
async function printedAt(running: RunningWorker, event: string): Promise<number> {
  const text = `"event":"${event}"`
  const deadline = performance.now() + PATIENCE_MS
  while (!running.output.includes(text)) {
    if (performance.now() > deadline) throw new Error(`no ${event}\n${running.output}`)
    await wait(LOOK_MS)
  }
  return performance.now()
}

/** Of the last line that a worker logged. */
function workerPidIn(output: string): number {
  const lines = output.split('\n').filter((line) => line.includes('"name":"worker"'))
  return Number(/"pid":(\d+)/.exec(lines.at(-1) ?? '')?.[1])
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
