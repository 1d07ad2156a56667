import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { deadUrl, until } from '../setup'
import { useEnvironment } from './environment'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'

const environment = useEnvironment()

/** What the design promises, and what a loaded test machine is granted on top. Milliseconds. */
const PROMISED_MS = 1_000
const GRANTED_MS = 2_000

describe('a worker that is asked to stop', () => {
  const signals = [
    ['SIGINT', 'group'],
    ['SIGTERM', 'supervisor'],
    ['SIGQUIT', 'worker'],
    ['SIGHUP', 'group'],
  ] as const
  it.each(isEverythingAsked ? signals : signals.slice(0, 2))(
    '%s to its %s: keeps the text, goes offline, leaves nothing',
    async (signal, to) => {
      const { backend, startWorker, beginLongAnswer } = environment
      const { made, worker } = await startWorker(`stops by ${signal}`)
      await worker.event('worker.ready')
      expect(backend.worker(made)).toMatchObject({ status: 'online', phase: 'ready' })
      const sessionId = await beginLongAnswer(made)
      expect(worker.seen('worker.busy')).toBeDefined()

      const from = performance.now()
      worker.signal(signal, to)
      await until('offline', () => backend.worker(made).status === 'offline')
      const ms = performance.now() - from
      expect(ms).toBeLessThan(PROMISED_MS + GRANTED_MS)

      expect(await worker.exited).toBe(0)
      expect(backend.worker(made).offline).toMatchObject({ reason: 'shutdown', evidence: { cause: signal } })
      expect(backend.answers(sessionId)[0]).toMatchObject({
        status: 'interrupted',
        text: expect.stringMatching(/\w+/) as string,
      })
      expect(backend.session(sessionId)?.status).toBe('suspended')
      expect(backend.rows('messages').at(-1)).toMatchObject({ role: 'system' })
      expect(backend.rows('machines')[0]?.status).toBe('offline')
      expect(worker.lines.filter(({ event }) => event === 'shutdown.started')).toHaveLength(1)
      expect(worker.output).toContain('Graceful shutdown completed')
      expect(worker.processes()).toEqual([])
    },
  )

  it('drains when its supervisor is killed', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('loses its supervisor')
    await worker.event('worker.registered')
    worker.signal('SIGKILL', 'supervisor')
    await until('offline', () => backend.worker(made).status === 'offline')
    expect(backend.worker(made).offline).toMatchObject({
      reason: 'shutdown',
      evidence: { cause: 'supervisor-gone' },
    })
    await until('nothing left', () => worker.processes().length === 0)
  })

  it('does not stay when its supervisor is gone before it listens', async () => {
    const { backend } = environment
    const made = await backend.makeWorker('was never watched')
    const program = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
    const child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, CONVEX_URL: backend.url, WORKER_TOKEN: made.token },
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(backend.worker(made).status).toBe('offline')
  })

  it('drains when its launcher is killed', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('loses its launcher', { launcher: true })
    await worker.event('worker.registered')
    worker.signal('SIGKILL', 'supervisor')
    await until('offline', () => backend.worker(made).status === 'offline', 5_000)
    expect(backend.worker(made).offline).toMatchObject({
      reason: 'shutdown',
      evidence: { cause: 'launcher-gone' },
    })
    await until('nothing left', () => worker.processes().length === 0)
  })

  it('drains although its terminal is gone and nothing can be written', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('loses its terminal', { env: { LOG_FORMAT: 'pretty' } })
    await until('registered', () => worker.output.includes('registered'))
    worker.closeOutput()
    worker.signal('SIGHUP')
    expect(await worker.exited).toBe(0)
    expect(backend.worker(made).offline).toMatchObject({ reason: 'shutdown', evidence: { cause: 'SIGHUP' } })
    expect(worker.processes()).toEqual([])
  })

  it('stops while the backend cannot be reached', async () => {
    const { start, backend } = environment
    const made = await backend.makeWorker('finds no backend')
    const worker = await start({ url: await deadUrl(), token: made.token })
    expect(await worker.event('backend.unreachable')).toMatchObject({ reason: 'ECONNREFUSED' })
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.seen('shutdown.completed')?.['ms']).toBeLessThan(1_000)
  })

  it('stops while opencode starts, and leaves nothing (defect 8 of the peers)', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('is still connecting')
    await worker.event('worker.registered')
    expect(worker.seen('worker.ready')).toBeUndefined()
    worker.signal('SIGINT')
    expect(await worker.exited).toBe(0)
    expect(worker.seen('worker.ready')).toBeUndefined()
    expect(backend.worker(made)).toMatchObject({ status: 'offline', offline: { reason: 'shutdown' } })
    expect(worker.processes()).toEqual([])
  })

  it('stops at once on a second signal, and is offline all the same', async () => {
    const { backend, startWorker } = environment
    const { made, worker } = await startWorker('is told twice', { program: 'hangingWorker' })
    await worker.event('worker.registered')
    worker.signal('SIGTERM', 'worker')
    await worker.event('shutdown.started')
    const again = setInterval(() => {
      try {
        worker.signal('SIGTERM', 'worker')
      } catch {
        // It ended a moment ago.
      }
    }, 300)
    const exitCode = await worker.exited.finally(() => clearInterval(again))
    expect(exitCode).toBe(130)
    expect(backend.worker(made)).toMatchObject({ status: 'offline', offline: { reason: 'shutdown' } })
    await until('nothing left', () => worker.processes().length === 0)
  })

  it('Plugin system for custom cleanup hooks: one that hangs is left behind, the others run, it ends cleanly', async () => {
    const { backend, startWorker } = environment
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-hooks-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const hooks = ['hangingHook', 'writingHook'].map((name) =>
      fileURLToPath(new URL(`./programs/${name}.js`, import.meta.url)),
    )
    const HOOK_FILE = join(folder, 'told.json')
    const env = { SHUTDOWN_HOOKS: hooks.join(delimiter), SHUTDOWN_TIMEOUT_MS: '4000', HOOK_FILE }
    const { made, worker } = await startWorker('has hooks', { env })
    const url = String((await worker.event('health.listening'))['url'])
    await worker.event('worker.registered')
    worker.signal('SIGTERM')
    await until('the hook named', async () => {
      const response = await fetch(`${url}/readyz`)
      const { why } = (await response.json()) as { why?: string }
      return response.status === 503 && why?.endsWith('in step hook hangs')
    })
    expect(backend.worker(made)).toMatchObject({ status: 'online', phase: 'draining' })

    expect(await worker.exited).toBe(0)
    const told = JSON.parse(readFileSync(HOOK_FILE, 'utf8')) as { cause: string; leftMs: number }
    expect(told.cause).toBe('SIGTERM')
    expect(told.leftMs).toBeGreaterThan(0)
    expect(told.leftMs).toBeLessThanOrEqual(0.6 * 4_000)
    expect(backend.worker(made).offline).toMatchObject({ reason: 'shutdown', evidence: { cause: 'SIGTERM' } })
    const steps = worker.lines.filter(({ event, step }) => event === 'shutdown.step' && step !== 'chats')
    expect(steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['announce', 'done'],
      ['hook hangs', 'abandoned'],
      ['hook writes', 'done'],
      ['offline', 'done'],
      ['close', 'done'],
    ])
    expect(worker.lines.find(({ hook }) => hook === 'writes')?.msg).toBe('written')
    expect(worker.seen('shutdown.completed')).toBeDefined()
    expect(worker.seen('shutdown.watchdog')).toBeUndefined()
    expect(worker.processes()).toEqual([])
  })
})
