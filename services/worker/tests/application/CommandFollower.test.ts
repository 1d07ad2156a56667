import { api } from '@rollcall/backend/api'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Presence } from '../../src/application/Presence'
import type { Command } from '../../src/infrastructure/convex/backendTypes'
import { until, type TestWorker } from '../setup'
import type { HandOpencode } from './HandOpencode'
import { backend, isReady, run, running, useLifecycles, type Run } from './runLifecycle'

useLifecycles()

const stop = { kind: 'asked', cause: 'stop-requested' }
const restart = { kind: 'asked', cause: 'restart-requested' }

// A worker that is taken for offline, as on a slow machine, loses what it was told to do.
beforeEach(() => backend.admin('settings:update', { staleThresholdMs: 60_000 }))

async function order({ workerId }: TestWorker, kind: Command['kind'], when: Command['when']): Promise<void> {
  await (await backend.owner()).mutation(api.workerCommands.order, { workerId, command: { kind, when } })
}

async function withdraw({ workerId }: TestWorker): Promise<void> {
  await (await backend.owner()).mutation(api.workerCommands.withdraw, { workerId })
}

/** A worker that is ready. */
async function start(name: string): Promise<{ made: TestWorker; worker: Run; opencode: HandOpencode }> {
  const made = await backend.makeWorker(name)
  const worker = run(made)
  await until('ready', () => isReady(worker))
  const opencode = worker.opencodes[0]
  if (!opencode) throw new Error('ready without an opencode')
  return { made, worker, opencode }
}

/** One that gives an answer, and that was told to do this when it is done. */
async function startWaiting(name: string, kind: Command['kind']) {
  const started = await start(name)
  const { made, worker, opencode } = started
  const sessionId = await backend.chat(made, undefined, 'running')
  const prompt = await opencode.prompted('running')
  await order(made, kind, 'idle')
  await until('waiting', () => worker.lifecycle.health.heldFor === `${kind}-requested`)
  return { ...started, sessionId, prompt }
}

describe('a worker that is told from afar', () => {
  it('to restart now: has to drain in the middle of an answer, once', async () => {
    const { made, worker, opencode } = await start('is restarted')
    await backend.chat(made, undefined, 'running')
    await opencode.prompted('running')
    await order(made, 'restart', 'now')
    await until('told', () => worker.stops.length > 0)
    // A setting that changes makes the subscription say everything once more.
    await backend.admin('settings:update', { shutdownTimeoutMs: 9_000 })
    await until('heard again', () => worker.lifecycle.shutdownTimeoutMs === 9_000)
    expect(worker.stops).toEqual([restart])
  })

  it('to stop when idle, while it is: has to drain at once', async () => {
    const { made, worker } = await start('is idle')
    await order(made, 'stop', 'idle')
    await until('told', () => worker.stops.length > 0)
    expect(worker.stops).toEqual([stop])
  })

  it('to stop when idle, while it answers: takes nothing more, and has to drain when the answer is done', async () => {
    const { made, worker, opencode, sessionId, prompt } = await startWaiting('finishes', 'stop')
    const later = await backend.chat(made, undefined, 'later')
    prompt.say('All of it.')
    await until('text', () => backend.answers(sessionId)[0]?.text === 'All of it.')
    expect(worker.stops).toEqual([])
    prompt.end({ kind: 'completed' })
    await until('told', () => worker.stops.length > 0)
    expect(worker.stops).toEqual([stop])
    expect(backend.answers(sessionId)[0]?.status).toBe('completed')
    expect(backend.answers(later)[0]?.status).toBe('queued')
    expect(opencode.prompts).toHaveLength(1)
  })

  it('not to stop after all: takes the work that waited', async () => {
    const { made, worker, opencode, prompt } = await startWaiting('goes on', 'stop')
    await backend.chat(made, undefined, 'later')
    await withdraw(made)
    const later = await opencode.prompted('later')
    for (const { end } of [prompt, later]) end({ kind: 'completed' })
    await until('idle', () => isReady(worker))
    expect(worker.stops).toEqual([])
    expect(worker.lifecycle.health.heldFor).toBeUndefined()
  })

  it('otherwise, while it waits: does what it was told last', async () => {
    const { made, worker, prompt } = await startWaiting('is told twice', 'stop')
    await order(made, 'restart', 'idle')
    await until('waiting for that', () => worker.lifecycle.health.heldFor === 'restart-requested')
    prompt.end({ kind: 'completed' })
    await until('told', () => worker.stops.length > 0)
    expect(worker.stops).toEqual([restart])
  })

  it('now, while it waits: has to drain in the middle of the answer', async () => {
    const { made, worker } = await startWaiting('waits no longer', 'restart')
    await order(made, 'stop', 'now')
    await until('told', () => worker.stops.length > 0)
    expect(worker.stops).toEqual([stop])
  })

  it('to stop when idle, and loses opencode: gives what it has claimed to the next one, and then has to drain', async () => {
    const { worker, opencode } = await startWaiting('loses opencode', 'stop')
    opencode.die({ exitCode: null, signal: 'SIGKILL' })
    await until('told', () => worker.stops.length > 0)
    expect(worker.stops).toEqual([stop])
  })

  it('to stop when idle, and loses its backend: has to drain when the answer is stored', async () => {
    const { worker, prompt, sessionId } = await startWaiting('loses its backend', 'stop')
    await backend.restart(async () => {
      await until('reconnecting', () => worker.lifecycle.machine.state.name === 'reconnecting')
      prompt.say('Said meanwhile.')
      prompt.end({ kind: 'completed' })
    })
    await until('told', () => worker.stops.length > 0)
    expect(worker.stops).toEqual([stop])
    expect(backend.answers(sessionId)[0]).toMatchObject({ status: 'completed', text: 'Said meanwhile.' })
  })

  it('to stop when idle, and is succeeded by its own next incarnation: serves as that', async () => {
    const { made, worker, opencode, prompt } = await startWaiting('registers anew', 'stop')
    const credentials = { workerId: made.workerId, secret: made.secret, epoch: 1 }
    const closing = { credentials, reason: 'crashed' as const, evidence: {} }
    await (await backend.owner()).mutation(api.workers.goOffline, closing)
    await until('nothing waits', () => worker.lifecycle.health.heldFor === undefined)
    expect(backend.worker(made).epoch).toBe(2)
    prompt.end({ kind: 'completed' })
    await backend.chat(made, undefined, 'Still there?')
    ;(await opencode.prompted('Still there?')).end({ kind: 'completed' })
    expect(worker.stops).toEqual([])
  })

  it.each(['now', 'idle'] as const)(
    'to stop (%s) while opencode starts: has to drain at once',
    async (when) => {
      const made = await backend.makeWorker(`is connecting, ${when}`)
      const worker = run(made, {
        opencode: {
          reap: () => Promise.resolve(),
          start: (signal) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(new Error('told to stop')))
            }),
        },
      })
      await until('connecting', () => worker.lifecycle.machine.state.name === 'connecting')
      await order(made, 'stop', when)
      await until('told', () => worker.stops.length > 0)
      await running.pop()?.()
      expect(worker.path()).toEqual(['registering', 'connecting', 'shuttingDown', 'stopped'])
    },
  )

  it('anything before it is approved, if ever: has to drain at once', async () => {
    const { machineId } = await backend.makeWorker('owner of the machine')
    const owner = await backend.owner()
    const { workerId, token } = await owner.action(api.workerAccess.create, { machineId, name: 'is pending' })
    const told = vi.spyOn(Presence.prototype, 'onSelf')
    const worker = run({ workerId, machineId, token, secret: '' })
    await until('awaiting approval', () => worker.lifecycle.machine.state.name === 'awaitingApproval')
    // The backend gives no command to a worker that is offline.
    const presence = told.mock.contexts.at(-1) as Presence | undefined
    const [self] = told.mock.lastCall ?? []
    if (!presence || !self) throw new Error('the backend said nothing')
    presence.onSelf({ ...self, command: { kind: 'stop', when: 'idle' } })
    expect(worker.stops).toEqual([stop])
    await running.pop()?.()
    expect(worker.path()).toEqual(['registering', 'awaitingApproval', 'shuttingDown', 'stopped'])
  })
})
