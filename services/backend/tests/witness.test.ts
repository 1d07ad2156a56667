import { describe, expect, it } from 'vitest'
import { SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import {
  WITNESS_KEY,
  expectRefusal,
  onlineWorker,
  passTime,
  readEvents,
  readWorker,
  register,
  useBackend,
} from './setup'

const backend = useBackend()

describe('rule 14: a hung worker is not an online one', () => {
  it('shows as hung while its supervisor says so, and as what it was afterwards', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    const witness = { workerId: credentials.workerId, epoch: credentials.epoch, key: WITNESS_KEY }
    await backend.t.mutation(api.workers.ready, { credentials, opencodeVersion: '1.18.33' })
    await backend.t.mutation(api.workers.reportHang, { witness, isHung: true })
    expect(await readWorker(backend.t, worker)).toMatchObject({ status: 'online', phase: 'hung' })
    await backend.t.mutation(api.workers.reportHang, { witness, isHung: false })
    expect(await readWorker(backend.t, worker)).toMatchObject({ phase: 'ready' })
  })

  it('is still starting when it answers again before opencode has', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    const witness = { workerId: credentials.workerId, epoch: credentials.epoch, key: WITNESS_KEY }
    await backend.t.mutation(api.workers.reportHang, { witness, isHung: true })
    await backend.t.mutation(api.workers.reportHang, { witness, isHung: false })
    expect(await readWorker(backend.t, worker)).toMatchObject({ phase: 'starting' })
  })

  it('is not lost while its supervisor speaks for it, and crashed when that ends it after two minutes', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    const witness = { workerId: worker.workerId, epoch: credentials.epoch, key: WITNESS_KEY }
    await passTime(backend.t, 55 * SECOND)
    for (let silent = 55; silent < 145; silent += 5) {
      await backend.t.mutation(api.workers.reportHang, { witness, isHung: true })
      await passTime(backend.t, 5 * SECOND)
    }
    expect(await readWorker(backend.t, worker)).toMatchObject({ status: 'online', phase: 'hung' })
    await backend.t.mutation(api.workers.reportExit, { witness, cause: 'hung', signal: 'SIGKILL' })
    expect((await readEvents(backend.t, worker)).at(-1)).toMatchObject({
      noticedBy: 'supervisor',
      what: { reason: 'crashed', evidence: { cause: 'hung' } },
    })
  })

  it('is lost like any other when its supervisor falls silent as well', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    const witness = { workerId: worker.workerId, epoch: credentials.epoch, key: WITNESS_KEY }
    await passTime(backend.t, 35 * SECOND)
    await backend.t.mutation(api.workers.reportHang, { witness, isHung: true })
    await passTime(backend.t, 92 * SECOND)
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'offline',
      offline: { reason: 'stale' },
    })
  })
})

describe('rule 16: a crash is seen by the witness', () => {
  it('takes the worker offline with exit code and signal, for good', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    const witness = { workerId: credentials.workerId, epoch: credentials.epoch, key: WITNESS_KEY }
    await backend.t.mutation(api.workers.reportExit, { witness, signal: 'SIGKILL' })
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'offline',
      offline: { reason: 'crashed', evidence: { signal: 'SIGKILL' } },
    })
    expect((await readEvents(backend.t, worker)).at(-1)).toMatchObject({ noticedBy: 'supervisor' })
    await expectRefusal(
      backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 }),
      'INCARNATION_CLOSED',
    )
  })

  it('does not speak for another incarnation, nor without its key, nor after a graceful stop', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    const report = (witness: { workerId: string; epoch: number; key: string }) =>
      backend.t.mutation(api.workers.reportExit, { witness, exitCode: 1 })
    const witness = { workerId: credentials.workerId, epoch: credentials.epoch, key: WITNESS_KEY }
    await expectRefusal(report({ ...witness, key: 'guess' }), 'WRONG_SECRET')
    await expectRefusal(report({ ...witness, key: worker.secret }), 'WRONG_SECRET')
    await expectRefusal(report({ ...witness, epoch: 7 }), 'INCARNATION_CLOSED')
    await expectRefusal(report({ ...witness, workerId: 'nonsense' }), 'WORKER_UNKNOWN')
    const next = await register(backend.t, worker)
    await expectRefusal(report(witness), 'INCARNATION_CLOSED')
    expect((await readWorker(backend.t, worker)).status).toBe('online')
    await backend.t.mutation(api.workers.goOffline, { credentials: next, reason: 'shutdown', evidence: {} })
    await expectRefusal(report({ ...witness, epoch: next.epoch }), 'INCARNATION_CLOSED')
    expect((await readWorker(backend.t, worker)).offline?.reason).toBe('shutdown')
  })
})
