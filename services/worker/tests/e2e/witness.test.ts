import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { defaultTimes } from '../../src/supervisor/times'
import type { TestWorker } from '../setup'
import { until } from '../setup'
import { expectOneClearLine, useEnvironment } from './environment'

const environment = useEnvironment()

/** What the design promises, and what a loaded test machine is granted on top. Milliseconds. */
const PROMISED_MS = 1_000
const GRANTED_MS = 2_000

const soon = { restart: { ...defaultTimes.restart, firstMs: 100 } }
/** Hung after a second, ended after three. */
const impatient = { ...soon, pingMs: 200, pings: { hungAfter: 5, lostAfter: 15 } }

function endings(made: TestWorker) {
  return environment.backend
    .rows('workerEvents')
    .filter(({ workerId, what }) => workerId === made.workerId && what.kind === 'offline')
}

describe('a supervisor', () => {
  it('sees its worker killed: offline at once, the answer closed, and online again by a new process', async () => {
    const { backend, startWorker, beginLongAnswer } = environment
    const { made, worker } = await startWorker('is killed', { times: soon })
    await worker.event('worker.ready')
    const sessionId = await beginLongAnswer(made)
    const { pid } = worker
    const from = performance.now()
    worker.signal('SIGKILL', 'worker')
    await until('crashed', () => endings(made).length === 1)
    expect(performance.now() - from).toBeLessThan(PROMISED_MS + GRANTED_MS)
    expect(endings(made)[0]).toMatchObject({
      epoch: 1,
      noticedBy: 'supervisor',
      what: { reason: 'crashed', evidence: { signal: 'SIGKILL' } },
    })
    expect(backend.answers(sessionId)[0]).toMatchObject({
      status: 'interrupted',
      text: expect.stringMatching(/\w+/) as string,
    })
    expect(await worker.event('witness.reported')).toMatchObject({
      epoch: 1,
      exitCode: null,
      signal: 'SIGKILL',
      ms: expect.any(Number) as number,
    })
    await until('online again', () => backend.worker(made).status === 'online')
    expect(backend.worker(made).epoch).toBe(2)
    await until('logged by a new process', () => worker.pid !== pid)
    expect(endings(made)).toHaveLength(1)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.processes()).toEqual([])
  })

  it('shows a worker that does not respond as hung, and no longer when it does', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('hangs for a while', {
      times: { ...impatient, pings: { hungAfter: 5, lostAfter: 1_000 } },
    })
    await worker.event('worker.ready')
    worker.signal('SIGSTOP', 'worker')
    await until('hung', () => backend.worker(made).phase === 'hung')
    expect(worker.seen('worker.hung')).toBeDefined()
    worker.signal('SIGCONT', 'worker')
    await until('back', () => backend.worker(made).phase === 'ready')
    expect(backend.worker(made)).toMatchObject({ status: 'online', epoch: 1 })
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  it('ends a worker that hangs for too long, says so, and starts another', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('hangs for good', { times: impatient })
    await worker.event('worker.registered')
    worker.signal('SIGSTOP', 'worker')
    await until('crashed', () => endings(made).length === 1)
    expect(endings(made)[0]).toMatchObject({
      noticedBy: 'supervisor',
      what: {
        reason: 'crashed',
        evidence: {
          cause: 'hung',
          signal: 'SIGKILL',
          message: expect.stringMatching(/no answer for/) as string,
        },
      },
    })
    await until('online again', () => backend.worker(made).status === 'online')
    expect(backend.worker(made).epoch).toBe(2)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.processes()).toEqual([])
  })

  it('does not keep whoever stops a hung worker waiting', async () => {
    const { startWorker } = environment
    const { made, worker } = await startWorker('hangs and is stopped', {
      times: { ...impatient, pings: { hungAfter: 5, lostAfter: 1_000 } },
    })
    await worker.event('worker.registered')
    worker.signal('SIGSTOP', 'worker')
    worker.signal('SIGTERM', 'supervisor')
    expect(await worker.exited).toBe(1)
    expect(endings(made)[0]).toMatchObject({ noticedBy: 'supervisor', what: { reason: 'crashed' } })
    expect(worker.seen('worker.restarting')).toBeUndefined()
    await until('nothing left', () => worker.processes().length === 0)
  })

  it('leaves the token to whoever started it last, and does not take it back', async () => {
    const { backend, start, startWorker } = environment
    const { made, worker: first } = await startWorker('is started twice', { times: soon })
    await first.event('worker.registered')
    const second = await start({ token: made.token, times: soon })
    expect(await first.exited).toBe(3)
    expect(expectOneClearLine(first)).toContain(`${hostname()} (pid ${second.pid}) took over`)
    expect(first.seen('worker.restarting')).toBeUndefined()
    expect(first.processes()).toEqual([])
    expect(backend.worker(made)).toMatchObject({ status: 'online', epoch: 2 })
    second.signal('SIGTERM')
    expect(await second.exited).toBe(0)
    expect(endings(made).map(({ what }) => 'reason' in what && what.reason)).toEqual([
      'superseded',
      'shutdown',
    ])
  })

  it('takes its worker with it by a drain when its whole group is killed, launcher and all', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('loses everybody', { launcher: true })
    await worker.event('worker.registered')
    worker.signal('SIGKILL', 'group')
    await until('offline', () => backend.worker(made).status === 'offline')
    expect(backend.worker(made).offline).toMatchObject({
      reason: 'shutdown',
      evidence: { cause: 'supervisor-gone' },
    })
    await until('nothing left', () => worker.processes().length === 0)
  })
})
