import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'
import { WorkerLifecycle, type LifecycleOptions } from '../../src/application/WorkerLifecycle'
import { readConfig } from '../../src/config'
import type { StopRequest } from '../../src/domain/stopRequest'
import { silent, TestBackend, type TestWorker } from '../setup'
import { HandOpencode } from './HandOpencode'

/** Of the file whose tests run. */
export let backend: TestBackend
let dataDir: string
/** Stops what still runs; the newest last. */
export const running: (() => Promise<unknown>)[] = []

/** To be called once in a file whose tests run lifecycles. */
export function useLifecycles(): void {
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rollcall-lifecycle-'))
    backend = await TestBackend.start({ dataDir })
  })
  beforeEach(async () => {
    await backend.admin('settings:update', { heartbeatIntervalMs: 500, staleThresholdMs: 1_500 })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await Promise.all(running.splice(0).map((stop) => stop()))
  })
  afterAll(async () => {
    await backend.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
}

/** A lifecycle in this process, with opencodes that the test plays. */
export interface Run {
  lifecycle: WorkerLifecycle
  opencodes: HandOpencode[]
  stops: StopRequest[]
  /** The states gone through so far. */
  path: () => string[]
}

/** Runs a worker until the test is over. */
export function run(made: TestWorker, options: Partial<LifecycleOptions> = {}): Run {
  const outcome = readConfig({ CONVEX_URL: backend.url, WORKER_TOKEN: made.token }, { isTerminal: false })
  if (outcome.kind === 'invalid') throw new Error(outcome.mistakes.join())
  const opencodes: HandOpencode[] = []
  const stops: StopRequest[] = []
  const lifecycle = new WorkerLifecycle({
    config: outcome.config,
    described: {
      hostname: 'here',
      pid: process.pid,
      directory: '/',
      versions: { worker: '0', node: '20' },
    },
    opencode: {
      reap: () => Promise.resolve(),
      start: () => {
        const opencode = new HandOpencode()
        opencodes.push(opencode)
        return Promise.resolve(opencode)
      },
    },
    hooks: [],
    onStop: (request) => stops.push(request),
    logger: silent,
    ...options,
  })
  void lifecycle.run()
  running.push(() => lifecycle.shutdown({ kind: 'asked', cause: 'SIGTERM' }, new AbortController().signal))
  const path = () => lifecycle.machine.history.map(({ to }) => to)
  return { lifecycle, opencodes, stops, path }
}

export function isReady({ lifecycle }: Run): boolean {
  return lifecycle.machine.state.name === 'ready'
}
