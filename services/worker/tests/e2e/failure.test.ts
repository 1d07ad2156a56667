import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { api } from '@rollcall/backend/api'
import { formatWorkerToken } from '@rollcall/backend/contract'
import { ConvexHttpClient } from 'convex/browser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../setup'
import { expectOneClearLine, useEnvironment } from './environment'

let folder: string
const environment = useEnvironment()
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-failure-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A pause before the restart that no test waits for. */
const never = { firstMs: 600_000, maxMs: 600_000, healthyAfterMs: 600_000 }

describe('a worker with a bug', () => {
  it('drains, is reported as crashed, and is started again', async () => {
    const { backend, startWorker, beginLongAnswer } = environment
    const trigger = join(folder, 'throw')
    const { made, worker } = await startWorker('throws', {
      program: 'crashingWorker',
      env: { CRASH_TRIGGER: trigger },
    })
    await worker.event('worker.ready')
    const sessionId = await beginLongAnswer(made)
    writeFileSync(trigger, 'throw')
    await until('offline', () => backend.worker(made).status === 'offline')
    expect(backend.worker(made).offline).toMatchObject({
      reason: 'crashed',
      evidence: { cause: 'uncaughtException', message: 'a bug nobody caught', exitCode: 1 },
    })
    expect(backend.answers(sessionId)[0]?.status).toBe('interrupted')
    await worker.event('shutdown.completed')
    expect(expectOneClearLine(worker)).toBe('a bug nobody caught')
    rmSync(trigger)
    await until('online again', () => backend.worker(made).status === 'online')
    expect(backend.worker(made).epoch).toBe(2)
    expect(worker.seen('worker.restarting')).toMatchObject({ attempt: 1 })
    // The worker had said so itself: what its supervisor says too is not a second ending.
    expect(worker.seen('witness.refused')).toMatchObject({ code: 'INCARNATION_CLOSED', epoch: 1 })
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.processes()).toEqual([])
  })

  it('takes a rejection that nobody handles for one', async () => {
    const { backend, startWorker } = environment
    const trigger = join(folder, 'reject')
    const { made, worker } = await startWorker('rejects', {
      program: 'crashingWorker',
      env: { CRASH_TRIGGER: trigger },
      times: { restart: never },
    })
    await worker.event('worker.registered')
    writeFileSync(trigger, 'reject')
    await worker.event('worker.restarting')
    expect(backend.worker(made).offline).toMatchObject({
      reason: 'crashed',
      evidence: { cause: 'unhandledRejection', message: 'a bug nobody awaited' },
    })
    // Told to stop while nothing runs, it has nothing to wait for.
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(backend.worker(made).epoch).toBe(1)
  })

  it('is ended by the watchdog when its cleanup hangs, the step named, and is offline before', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('hangs', {
      program: 'hangingWorker',
      env: { SHUTDOWN_TIMEOUT_MS: '2000' },
    })
    await worker.event('worker.registered')
    worker.signal('SIGTERM')
    await until('offline', () => backend.worker(made).status === 'offline')
    expect(worker.seen('shutdown.watchdog')).toBeUndefined()
    expect(await worker.exited).toBe(1)
    expect(backend.worker(made).offline).toMatchObject({ reason: 'shutdown', evidence: { cause: 'SIGTERM' } })
    expect(worker.seen('shutdown.watchdog')).toMatchObject({ step: 'chats', timeoutMs: 2_000 })
    expect(worker.output).not.toContain('Graceful shutdown completed')
    await until('nothing left', () => worker.processes().length === 0)
  })
})

describe('a worker that the backend will not have', () => {
  it('stops when a newer process took over, names it, and leaves the status alone', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('is superseded')
    await worker.event('worker.registered')
    const { workerId, secret } = made
    await new ConvexHttpClient(backend.url).mutation(api.workers.register, {
      workerId,
      secret,
      hostname: 'the-other-host',
      pid: 4_711,
      directory: '/',
      versions: { worker: '0', node: '20' },
      key: randomUUID(),
    })
    expect(await worker.exited).toBe(3)
    expect(expectOneClearLine(worker)).toMatch(/the-other-host \(pid 4711\) took over/)
    expect(worker.seen('worker.superseded')).toBeDefined()
    expect(backend.worker(made)).toMatchObject({ status: 'online', epoch: 2 })
    expect(worker.processes()).toEqual([])
  })

  it('stops in the middle of an answer when it is revoked, says so, and is not started again', async () => {
    const { backend, beginLongAnswer, startWorker } = environment
    const { made, worker } = await startWorker('is revoked')
    await worker.event('worker.ready')
    const sessionId = await beginLongAnswer(made)
    await (await backend.owner()).mutation(api.workerAccess.revoke, { workerId: made.workerId })
    expect(backend.worker(made)).toMatchObject({ status: 'offline', offline: { reason: 'revoked' } })
    expect(backend.answers(sessionId)[0]?.status).toBe('interrupted')
    expect(await worker.exited).toBe(4)
    expect(await worker.event('worker.revoked')).toMatchObject({
      msg: expect.stringMatching(/revoked/) as string,
    })
    expect(worker.seen('worker.restarting')).toBeUndefined()
    expect(worker.processes()).toEqual([])
  })

  it('says what is wrong with its token', async () => {
    const { backend, start } = environment
    const made = await backend.makeWorker('is misconfigured')
    const other = 's'.repeat(43)
    const tokens = [
      { token: 'machine_x', says: /WORKER_TOKEN is malformed/ },
      { token: formatWorkerToken({ ...made, secret: other }), says: /secret in WORKER_TOKEN is wrong/ },
      { token: formatWorkerToken({ ...made, workerId: 'nobody' }), says: /No worker has this id/ },
    ]
    for (const { token, says } of tokens) {
      const worker = await start({ token })
      expect(await worker.exited).toBe(2)
      expect(expectOneClearLine(worker)).toMatch(says)
      expect(worker.output).not.toContain(other)
    }
    expect(backend.worker(made).status).toBe('offline')
  })

  it('says when the URL is something else', async () => {
    const { start, backend } = environment
    const made = await backend.makeWorker('asks a stranger')
    const stranger = createServer((_request, response) => response.writeHead(404).end('<h1>Not found</h1>'))
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const { port } = stranger.address() as AddressInfo
    const worker = await start({ url: `http://127.0.0.1:${port}`, token: made.token })
    expect(await worker.exited).toBe(2)
    expect(expectOneClearLine(worker)).toMatch(/is not a Rollcall backend/)
    stranger.close()
  })
})

describe('a worker without a working opencode', () => {
  it('says that there is none', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('has no opencode', {
      env: { OPENCODE_BIN: join(folder, 'nowhere') },
    })
    expect(await worker.exited).toBe(2)
    expect(expectOneClearLine(worker)).toMatch(/OPENCODE_BIN must be the path of an executable/)
    expect(backend.worker(made)).toMatchObject({ status: 'offline', epoch: 0 })
  })

  it('says that it does not start, and is reported', async () => {
    const { backend, startWorker } = environment
    const broken = join(folder, 'broken')
    writeFileSync(broken, '#!/bin/sh\necho "it is broken" >&2\nexit 7\n', { mode: 0o755 })
    const { made, worker } = await startWorker('has a broken opencode', {
      env: { OPENCODE_BIN: broken },
      times: { restart: never },
    })
    await worker.event('worker.restarting')
    expect(expectOneClearLine(worker)).toMatch(/opencode/)
    expect(backend.worker(made).offline).toMatchObject({
      reason: 'crashed',
      evidence: { cause: 'opencode-failed' },
    })
    worker.signal('SIGINT')
    expect(await worker.exited).toBe(0)
    expect(worker.processes()).toEqual([])
  })
})
