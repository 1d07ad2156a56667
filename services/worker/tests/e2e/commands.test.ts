import { api } from '@rollcall/backend/api'
import { describe, expect, it } from 'vitest'
import { defaultTimes } from '../../src/supervisor/times'
import { until, type TestWorker } from '../setup'
import { useEnvironment } from './environment'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'

const environment = useEnvironment({ isConcurrent: true })

/** A pause after a crash that no test would outlast. Milliseconds. */
const times = { restart: { ...defaultTimes.restart, firstMs: 600_000, maxMs: 600_000 } }

async function order(
  { workerId }: TestWorker,
  kind: 'stop' | 'restart',
  when: 'now' | 'idle',
): Promise<void> {
  const owner = await environment.backend.owner()
  await owner.mutation(api.workerCommands.order, { workerId, command: { kind, when } })
}

/** What happened to a worker, in order. */
function story({ workerId }: TestWorker) {
  return environment.backend
    .rows('workerEvents')
    .filter((event) => event.workerId === workerId)
    .map(({ epoch, what }) =>
      what.kind === 'offline'
        ? { epoch, kind: what.kind, reason: what.reason, cause: what.evidence.cause }
        : { epoch, kind: what.kind },
    )
}

describe.concurrent('a worker that is told from the page', () => {
  it('to restart now keeps the text of its answer and is online again by itself, by a new process', async () => {
    const { backend, startWorker, beginLongAnswer } = environment
    const { made, worker } = await startWorker('is restarted', { times })
    await worker.event('worker.ready')
    const sessionId = await beginLongAnswer(made)
    const firstRun = worker.processes().filter((pid) => pid !== worker.supervisorPid)
    expect(firstRun).toContain(worker.pid)
    await order(made, 'restart', 'now')
    await worker.event('worker.ready', { nth: 2 })

    expect(backend.worker(made)).toMatchObject({ status: 'online', epoch: 2 })
    expect(story(made)).toEqual([
      { epoch: 1, kind: 'online' },
      { epoch: 1, kind: 'offline', reason: 'shutdown', cause: 'restart-requested' },
      { epoch: 2, kind: 'online' },
    ])
    expect(backend.answers(sessionId)[0]).toMatchObject({
      status: 'interrupted',
      text: expect.stringMatching(/\w+/) as string,
    })
    expect(worker.output).toContain('Graceful shutdown completed')
    for (const event of ['worker.ended', 'worker.killed', 'witness.reported', 'witness.refused']) {
      expect(worker.seen(event)).toBeUndefined()
    }
    const left = worker.processes().filter((pid) => firstRun.includes(pid))
    expect(left).toEqual([])

    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.seen('worker.restarting')).toMatchObject({ inMs: 0 })
    expect(worker.processes()).toEqual([])
  })

  it('to stop when idle gives its answer, takes nothing more, and its supervisor ends with 0', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('is stopped', { times })
    await worker.event('worker.ready')
    const asked = 'Count.\nwords: 30'
    const sessionId = await backend.chat(made, 'scripted/slow', asked)
    await until('streaming text', () => backend.answers(sessionId)[0]?.status === 'streaming')
    await order(made, 'stop', 'idle')
    await worker.event('command.waiting')
    const later = await backend.chat(made, 'scripted/ok', 'Are you there?')
    expect(backend.answers(sessionId)[0]?.status).toBe('streaming')

    expect(await worker.exited).toBe(0)
    expect(backend.answers(sessionId)[0]).toMatchObject({
      status: 'completed',
      text: expect.stringContaining('30') as string,
    })
    expect(backend.answers(later)[0]).toMatchObject({ status: 'queued' })
    expect(story(made)).toEqual([
      { epoch: 1, kind: 'online' },
      { epoch: 1, kind: 'offline', reason: 'shutdown', cause: 'stop-requested' },
    ])
    expect(worker.seen('worker.restarting')).toBeUndefined()
    expect(worker.processes()).toEqual([])
  })

  it.runIf(isEverythingAsked)(
    'to restart starts again also when its drain hangs, as after a crash, unless it is told to stop meanwhile',
    async () => {
      const { backend, startWorker } = environment
      const { made, worker } = await startWorker('hangs at its restart', {
        program: 'hangingWorker',
        env: { SHUTDOWN_TIMEOUT_MS: '2000' },
        times: { restart: { ...defaultTimes.restart, firstMs: 100 } },
      })
      await worker.event('worker.registered')
      await order(made, 'restart', 'now')
      expect(await worker.event('worker.ended')).toMatchObject({ exitCode: 1 })
      await worker.event('worker.registered', { nth: 2 })
      expect(backend.worker(made)).toMatchObject({ status: 'online', epoch: 2 })

      await order(made, 'restart', 'now')
      await worker.event('shutdown.started', { nth: 2 })
      worker.signal('SIGTERM', 'worker')
      expect(await worker.exited).toBe(1)
      expect(worker.seen('shutdown.restart-forgone')).toMatchObject({ cause: 'SIGTERM' })
      expect(worker.lines.filter(({ event }) => event === 'worker.restarting')).toHaveLength(1)
      await until('nothing left', () => worker.processes().length === 0)
    },
  )
})
