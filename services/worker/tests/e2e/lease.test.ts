import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultTimes } from '../../src/supervisor/times'
import { until, type TestWorker } from '../setup'
import { useEnvironment } from './environment'
import { FlakyProxy } from './FlakyProxy'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'

/** A tenth of the real ones. Milliseconds. */
const HEARTBEAT = 3_000
const STALE = 9_000

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-lease-'))
const environment = useEnvironment({ dataDir: () => dataDir, isConcurrent: true })
beforeAll(async () => {
  const settings = { heartbeatIntervalMs: HEARTBEAT, staleThresholdMs: STALE }
  await environment.backend.admin('settings:update', settings)
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const soon = { restart: { ...defaultTimes.restart, firstMs: 100 } }

/** What happened to a worker, in order: `online`, `recovered`, or why it went offline. */
function story({ workerId }: TestWorker): string[] {
  return environment.backend
    .rows('workerEvents')
    .filter((event) => event.workerId === workerId)
    .map(({ what }) => (what.kind === 'offline' ? what.reason : what.kind))
}

function isOnline(made: TestWorker): boolean {
  return environment.backend.worker(made).status === 'online'
}

describe.concurrent('a worker', { timeout: 120_000 }, () => {
  const networks = isEverythingAsked ? (['cut', 'slow', 'half-open'] as const) : (['cut'] as const)

  it(`whose beats are not acknowledged fences itself, is stale, and recovers: over a network that is ${networks.join(', ')}`, async () => {
    const { backend, startWorker } = environment
    const proxy = await FlakyProxy.to(backend.url, { delayMs: 2 * HEARTBEAT })
    const { made, worker } = await startWorker('has a bad network', { url: proxy.url })
    await worker.event('worker.ready')
    for (const [index, network] of networks.entries()) {
      const before = story(made).length
      const fences = worker.lines.filter(({ event }) => event === 'worker.fenced').length
      const unfences = worker.lines.filter(({ event }) => event === 'worker.unfenced').length
      proxy.become(network)
      await worker.event('worker.fenced', { nth: fences + 1 })
      await until(`stale (${network})`, () => story(made).slice(before).includes('stale'))
      proxy.become('fine')
      await until(`recovered (${network})`, () => isOnline(made))
      await worker.event('worker.unfenced', { nth: unfences + 1 })
      expect(story(made).slice(before)).toEqual(['stale', 'recovered'])
      if (index === 0) await worker.event('worker.ready', { nth: 2 })
    }
    expect(backend.worker(made).epoch).toBe(1)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    await proxy.close()
  })

  it('whose machine slept is online again, the same one, at once', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('sleeps', { times: { pingMs: 200 } })
    await worker.event('worker.ready')
    const tree = worker.processes()
    const from = performance.now()
    for (const pid of tree) process.kill(pid, 'SIGSTOP')
    await until('stale', () => story(made).includes('stale'))
    await until('slept for longer than the stale period', () => performance.now() - from > 1.2 * STALE)
    const wokeAt = performance.now()
    for (const pid of tree) process.kill(pid, 'SIGCONT')
    await until('online', () => isOnline(made))
    expect(performance.now() - wokeAt).toBeLessThan(2_000)
    expect(await worker.event('heartbeat.late')).toMatchObject({ gapMs: expect.any(Number) as number })
    expect(story(made)).toEqual(['online', 'stale', 'recovered'])
    expect(backend.worker(made).epoch).toBe(1)
    expect(worker.seen('worker.hung')).toBeUndefined()
    await until('ready', () => backend.worker(made).phase === 'ready')
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.processes()).toEqual([])
  })

  it('that is killed together with its supervisor is found by the sweep, and nothing is left of it', async () => {
    const { startWorker } = environment
    const { made, worker } = await startWorker('is lost')
    await worker.event('worker.ready')
    const workerPid = worker.pid
    worker.signal('SIGKILL', 'supervisor')
    process.kill(workerPid, 'SIGKILL')
    await until('stale', () => story(made).at(-1) === 'stale')
    await until('nothing left', () => worker.processes().length === 0)
  })

  it('that hangs is hung, not lost, until its supervisor ends it, and then crashed', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('hangs', {
      times: { ...soon, pingMs: defaultTimes.pingMs / 10 },
    })
    await worker.event('worker.ready')
    worker.signal('SIGSTOP', 'worker')
    await until('hung', () => backend.worker(made).phase === 'hung')
    await until('over', () => story(made).length > 1, 30_000)
    await until('online again', () => isOnline(made))
    expect(story(made)).toEqual(['online', 'crashed', 'online'])
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })
})

describe('while the backend is away, a worker', { timeout: 120_000 }, () => {
  it('stays the same one, for longer than the stale period', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('waits')
    await worker.event('worker.registered')
    await backend.restart(async () => {
      const from = performance.now()
      await worker.event('worker.fenced')
      await until('over the stale period', () => performance.now() - from > 1.5 * STALE)
    })
    await until('online', () => isOnline(made))
    expect(backend.worker(made).epoch).toBe(1)
    expect(story(made).filter((what) => !['online', 'stale', 'recovered'].includes(what))).toEqual([])
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  it('that dies is reported by its supervisor, which goes on trying and has its word before the next one', async () => {
    const { backend, startWorker } = environment
    // Longer than a worker takes to register, which waits for the report before it all the same.
    const retries = { firstMs: 3_000, maxMs: 3_000 }
    await backend.admin('settings:update', { heartbeatIntervalMs: 10_000, staleThresholdMs: 30_000 })
    const { made, worker } = await startWorker('dies unheard', { times: { ...soon, retries } })
    await worker.event('worker.registered')
    await backend.restart(async () => {
      worker.signal('SIGKILL', 'worker')
      await worker.event('worker.restarting')
    })
    await worker.event('witness.reported')
    await until('online again', () => isOnline(made))
    expect(story(made)).toEqual(['online', 'crashed', 'online'])
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })
})
