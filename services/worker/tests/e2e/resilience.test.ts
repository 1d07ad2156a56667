import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { api } from '@rollcall/backend/api'
import { afterAll, describe, expect, it } from 'vitest'
import { until } from '../setup'
import { useEnvironment } from './environment'
import { opencodeCommand } from './WorkerProcess'

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-resilience-'))
const environment = useEnvironment({ dataDir: () => dataDir })
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

describe('a worker', () => {
  it('goes on with a chat over a restart of its backend, under the same epoch', async () => {
    const { backend, startWorker, beginLongAnswer } = environment
    const { made, worker } = await startWorker('outlives its backend')
    await worker.event('worker.ready')
    const sessionId = await beginLongAnswer(made)
    await backend.restart(async () => {
      await worker.event('worker.reconnecting')
    })
    const before = backend.answers(sessionId)[0]?.text.length ?? 0
    await worker.event('worker.ready', { nth: 2, timeoutMs: 15_000 })
    await until('more text', () => (backend.answers(sessionId)[0]?.text.length ?? 0) > before)
    expect(backend.worker(made)).toMatchObject({ status: 'online', epoch: 1 })

    const second = await backend.chat(made, 'scripted/ok', 'Are you back?')
    await until('an answer', () => backend.answers(second)[0]?.status === 'completed')
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  it('interrupts what runs when opencode dies, starts it again, and continues the chat', async () => {
    const { backend, startWorker, beginLongAnswer } = environment
    const { made, worker } = await startWorker('outlives its opencode')
    await worker.event('worker.ready')
    const sessionId = await beginLongAnswer(made)
    process.kill(await worker.processNamed(opencodeCommand), 'SIGKILL')
    const interrupted = await until('interrupted', () =>
      backend.answers(sessionId).find(({ status }) => status === 'interrupted'),
    )
    expect(interrupted.cause).toMatch(/opencode/)
    expect(interrupted.text).not.toBe('')
    await worker.event('worker.ready', { nth: 2 })
    await (await backend.owner()).mutation(api.chat.sendMessage, { sessionId, text: 'And now?' })
    await until('streaming again', () => backend.answers(sessionId)[1]?.status === 'streaming')
    expect(backend.worker(made)).toMatchObject({ status: 'online', epoch: 1 })
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.processes()).toEqual([])
  })
})
