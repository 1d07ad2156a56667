import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAnswerer } from '../../src/infrastructure/health/createAnswerer'
import { HealthServer } from '../../src/infrastructure/health/HealthServer'
import type { SupervisorHealth } from '../../src/supervisor/SupervisorHealth'
import { supervisorAnswers } from '../../src/supervisor/supervisorAnswers'
import { ask, askJson } from '../infrastructure/health/setup'
import { silent, until } from '../setup'

const worker = { pid: 42, isHung: false, missedPings: 0 }
const killed = { exitCode: null, signal: 'SIGKILL', cause: undefined, at: new Date(Date.UTC(2026, 0, 2)) }
const running: SupervisorHealth = {
  state: 'running',
  worker,
  restarts: 0,
  lastEnd: undefined,
  nextRestartInMs: undefined,
}

/** The URL of an endpoint that answers for a supervisor like this. */
async function serve(over: Partial<SupervisorHealth> = {}): Promise<string> {
  const answer = createAnswerer(
    supervisorAnswers(() => ({ ...running, ...over })),
    silent,
  )
  const server = new HealthServer({ port: 0, setting: 'SUPERVISOR_HEALTH_PORT', answer, logger: silent })
  onTestFinished(() => server.close())
  return await until('listening', () => server.url)
}

describe("a supervisor's /healthz", () => {
  it('is 200 with everything it knows', async () => {
    const at = '2026-01-02T00:00:00.000Z'
    const over = { state: 'restarting', worker: undefined, restarts: 2, nextRestartInMs: 799.6 } as const
    const { status, json } = await askJson(`${await serve({ ...over, lastEnd: killed })}/healthz`)
    expect(status).toBe(200)
    expect(json).toEqual({
      state: 'restarting',
      worker: null,
      restarts: 2,
      lastEnd: { exitCode: null, signal: 'SIGKILL', cause: null, at },
      nextRestartInMs: 800,
    })
  })

  it('says whether the worker answers pings', async () => {
    const { json } = await askJson(
      `${await serve({ worker: { pid: 42, isHung: true, missedPings: 7 } })}/healthz`,
    )
    expect(json).toMatchObject({ worker: { pid: 42, hung: true, missedPings: 7 }, lastEnd: null })
  })
})

describe("a supervisor's /readyz", () => {
  const failed = { ...killed, exitCode: 1, signal: null }
  it.each<[string | undefined, Partial<SupervisorHealth>]>([
    [undefined, {}],
    [
      'hung: the worker left 6 pings in a row unanswered',
      { worker: { ...worker, isHung: true, missedPings: 6 } },
    ],
    ['stopping: waiting for the worker to end', { state: 'stopping' }],
    ['stopping', { state: 'stopping', worker: undefined }],
    ['restarting: the worker drains and is then started again', { state: 'restarting' }],
    [
      'restarting: the worker was killed by SIGKILL; the next one is started in 900 ms',
      { state: 'restarting', worker: undefined, lastEnd: killed, nextRestartInMs: 900 },
    ],
    [
      'restarting: the worker ended with exit code 1; the next one is started in 0 ms',
      { state: 'restarting', worker: undefined, lastEnd: failed, nextRestartInMs: 0 },
    ],
  ])('why not: %s', async (why, over) => {
    expect(await askJson(`${await serve(over)}/readyz`)).toEqual(
      why === undefined
        ? { status: 200, json: { ready: true } }
        : { status: 503, json: { ready: false, why } },
    )
  })
})

describe("a supervisor's endpoint", () => {
  it('refuses foreign names and has no metrics', async () => {
    const url = await serve()
    expect((await ask(`${url}/healthz`, { host: 'evil.example' })).status).toBe(403)
    expect((await ask(`${url}/metrics`)).status).toBe(404)
  })

  it('names its own variable and events', async () => {
    const { createServer } = await import('node:net')
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const logged: unknown[][] = []
    const note = (...line: unknown[]) => logged.push(line)
    const server = new HealthServer({
      port: (holder.address() as { port: number }).port,
      setting: 'SUPERVISOR_HEALTH_PORT',
      answer: () => {},
      logger: { info: note, warn: note },
      retryMs: 5,
    })
    onTestFinished(() => server.close())
    await until('a warning', () => logged.length > 0)
    holder.close()
    await until('listening', () => server.url)
    expect(logged).toEqual([
      [
        expect.objectContaining({ event: 'supervisor-health.port-taken' }),
        expect.stringContaining('SUPERVISOR_HEALTH_PORT'),
      ],
      [expect.objectContaining({ event: 'supervisor-health.listening' }), expect.any(String)],
    ])
  })
})
