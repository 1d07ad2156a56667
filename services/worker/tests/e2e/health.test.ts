import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { defaultTimes } from '../../src/supervisor/times'
import { parseMetrics } from '../infrastructure/health/parseMetrics'
import { until } from '../setup'
import { useEnvironment } from './environment'
import type { WorkerProcess } from './WorkerProcess'

const environment = useEnvironment()

interface Health {
  workerId: string
  state: string
  shutdown: { cause: string; hangingSteps: string[]; deadlineInMs: number } | null
  history: { to: string }[]
  opencode: { version: string; processes: number; residentBytes: number } | null
  memory: { residentBytes: number }
}

async function urlOf(worker: WorkerProcess): Promise<string> {
  return String((await worker.event('health.listening'))['url'])
}

async function healthz(url: string): Promise<Health> {
  return (await (await fetch(`${url}/healthz`)).json()) as Health
}

async function readyz(url: string): Promise<{ status: number; ready: boolean; why?: string }> {
  const response = await fetch(`${url}/readyz`)
  return { status: response.status, ...((await response.json()) as { ready: boolean; why?: string }) }
}

/** Holds a port of this machine until the server is closed. Rejects if it is taken. */
async function hold(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { server, port: (server.address() as AddressInfo).port }
}

describe.skipIf(process.platform !== 'linux')("a worker's health endpoint", () => {
  it('Prometheus metrics for monitoring: of the worker, opencode and what it started', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('tells how it is')
    const url = await urlOf(worker)
    await worker.event('worker.ready')
    expect(await readyz(url)).toEqual({ status: 200, ready: true })

    const idle = await healthz(url)
    const { workerId } = made
    expect(idle).toMatchObject({ workerId, state: 'ready', epoch: 1, fenced: false, shutdown: null })
    expect(idle.history.map(({ to }) => to)).toEqual(['registering', 'connecting', 'ready'])
    expect(idle.opencode?.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(idle.opencode?.processes).toBeGreaterThanOrEqual(1)
    expect(idle.opencode?.residentBytes).toBeGreaterThan(50_000_000)
    expect(idle.memory.residentBytes).toBeGreaterThan(20_000_000)
    expect(JSON.stringify(idle)).not.toContain(made.secret)

    await backend.chat(made, 'scripted/tool', 'run: sleep 4247; true')
    const busy = await until('a process more', async () => {
      const health = await healthz(url)
      return (health.opencode?.processes ?? 0) > (idle.opencode?.processes ?? 0) && health
    })
    expect(busy.state).toBe('busy')
    expect(await readyz(url)).toEqual({ status: 200, ready: true })

    const samples = parseMetrics(await (await fetch(`${url}/metrics`)).text())
    expect(samples.get('rollcall_worker_state{state="busy"}')).toBe(1)
    expect(samples.get('rollcall_worker_answers_running')).toBe(1)
    expect(samples.get('rollcall_opencode_up')).toBe(1)
    expect(samples.get('rollcall_opencode_processes')).toBeGreaterThan(idle.opencode?.processes ?? 0)
    expect(samples.get('rollcall_opencode_resident_bytes')).toBeGreaterThan(50_000_000)
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(20_000_000)

    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.processes()).toEqual([])
    await hold(Number(new URL(url).port))
  })

  it('Health check endpoint during shutdown: not ready, names the step that hangs, up until the exit', async () => {
    const { startWorker } = environment
    const env = { SHUTDOWN_TIMEOUT_MS: '4000' }
    const { worker } = await startWorker('hangs in its drain', { program: 'hangingWorker', env })
    const url = await urlOf(worker)
    await worker.event('worker.ready')
    worker.signal('SIGTERM')
    const drained = await until('the step', async () => {
      const answer = await readyz(url)
      return answer.why?.includes('chats') === true && answer
    })
    expect(drained).toEqual({ status: 503, ready: false, why: 'draining (SIGTERM), in step chats' })
    const { state, shutdown } = await healthz(url)
    expect({ state, cause: shutdown?.cause }).toEqual({ state: 'shuttingDown', cause: 'SIGTERM' })
    expect(shutdown?.hangingSteps).toEqual(['chats'])
    expect(shutdown?.deadlineInMs).toBeLessThan(4_000)
    // The goodbye is said, and the process is still there because of that step.
    await until('the last step', () => worker.lines.some(({ step }) => step === 'close'))
    expect((await readyz(url)).why).toBe('draining (SIGTERM), in step chats')
    expect(await worker.exited).toBe(1)
    await hold(Number(new URL(url).port))
  })

  it('serves without the port that it was given while that is taken, and takes it then', async () => {
    const { server, port } = await hold(0)
    const env = { ROLLCALL_HEALTH_PORT: String(port) }
    const { worker } = await environment.startWorker('finds its port taken', { env })
    const taken = await worker.event('health.port-taken')
    expect(taken.msg).toContain('ROLLCALL_HEALTH_PORT')
    await worker.event('worker.ready')
    expect(worker.seen('health.listening')).toBeUndefined()
    server.close()
    const url = await urlOf(worker)
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(await readyz(url)).toEqual({ status: 200, ready: true })
    expect(worker.lines.filter(({ event }) => event === 'health.port-taken')).toHaveLength(1)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })
})

interface SupervisorHealth {
  state: string
  worker: { pid: number; hung: boolean } | null
  restarts: number
  lastEnd: { exitCode: number | null; signal: string | null; at: string } | null
  nextRestartInMs: number | null
}

describe.skipIf(process.platform !== 'linux')("a supervisor's health endpoint", () => {
  it('tells of a crash, the pause, the restart and the drain, without a gap', async () => {
    const { made, worker } = await environment.startWorker('is watched over', {
      program: 'hangingWorker',
      env: { SUPERVISOR_HEALTH_PORT: '0', SHUTDOWN_TIMEOUT_MS: '2000' },
      times: { restart: { ...defaultTimes.restart, firstMs: 1_000 } },
    })
    const url = String((await worker.event('supervisor-health.listening'))['url'])
    const health = async () => (await (await fetch(`${url}/healthz`)).json()) as SupervisorHealth
    await worker.event('worker.registered')
    expect(await health()).toMatchObject({
      ...{ state: 'running', worker: { pid: worker.pid, hung: false } },
      ...{ restarts: 0, lastEnd: null, nextRestartInMs: null },
    })
    expect(await readyz(url)).toEqual({ status: 200, ready: true })

    const killedAt = Date.now()
    worker.signal('SIGKILL', 'worker')
    const paused = await until('the pause', async () => {
      const now = await health()
      return now.state === 'restarting' && now
    })
    expect(paused).toMatchObject({
      worker: null,
      restarts: 0,
      lastEnd: { exitCode: null, signal: 'SIGKILL' },
    })
    expect(Math.abs(Date.parse(paused.lastEnd?.at ?? '') - killedAt)).toBeLessThan(2_000)
    expect(paused.nextRestartInMs).toBeLessThanOrEqual(1_000)
    expect(await readyz(url)).toMatchObject({
      status: 503,
      why: expect.stringMatching(/^restarting: the worker was killed by SIGKILL; .* in \d+ ms$/) as string,
    })
    await worker.event('worker.registered', { nth: 2 })
    expect(await health()).toMatchObject({ state: 'running', worker: { pid: worker.pid }, restarts: 1 })
    expect(JSON.stringify(await health())).not.toContain(made.secret)

    worker.signal('SIGTERM')
    // Its cleanup hangs until its watchdog ends it: answers go on for as long.
    await until('the last step', () => worker.lines.some(({ step }) => step === 'close'))
    expect(await readyz(url)).toEqual({
      ...{ status: 503, ready: false },
      why: 'stopping: waiting for the worker to end',
    })
    expect(await worker.exited).toBe(1)
    await hold(Number(new URL(url).port))
  })
})
