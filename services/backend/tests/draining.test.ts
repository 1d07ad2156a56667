import { describe, expect, it } from 'vitest'
import { SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import {
  expectRefusal,
  onlineWorker,
  passTime,
  readEvents,
  readWorker,
  useBackend,
  WITNESS_KEY,
} from './setup'

const backend = useBackend()

describe('rule 12: draining keeps beating', () => {
  it('a drain of many stale periods is not taken for a death', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    await backend.t.mutation(api.workers.beginDraining, {
      credentials,
      cause: 'SIGTERM',
      deadlineMs: 600 * SECOND,
    })
    for (let seq = 1; seq <= 12; seq++) {
      await passTime(backend.t, 30 * SECOND)
      await backend.t.mutation(api.workers.heartbeat, { credentials, seq })
    }
    expect(await readWorker(backend.t, worker)).toMatchObject({ status: 'online', phase: 'draining' })
    expect(await readEvents(backend.t, worker)).toHaveLength(1)
  })

  it('is not taken back by a readiness that was told before it, and arrives after it', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    await backend.t.mutation(api.workers.beginDraining, { credentials, cause: 'SIGTERM', deadlineMs: SECOND })
    await backend.t.mutation(api.workers.ready, { credentials, opencodeVersion: '1.18.33' })
    expect(await readWorker(backend.t, worker)).toMatchObject({ phase: 'draining' })
  })

  it('shows again after a hang in the middle of it', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    const { workerId, epoch } = credentials
    const cause = 'SIGTERM'
    await backend.t.mutation(api.workers.beginDraining, { credentials, cause, deadlineMs: 600 * SECOND })
    for (const isHung of [true, false]) {
      const witness = { workerId, epoch, key: WITNESS_KEY }
      await backend.t.mutation(api.workers.reportHang, { witness, isHung })
    }
    expect(await readWorker(backend.t, worker)).toMatchObject({ phase: 'draining', drain: { cause } })
  })

  it('Send "shutting down" message to active chats: with the phase and its deadline', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    await backend.t.mutation(api.workers.ready, { credentials, opencodeVersion: '1.18.33' })
    const sessionId = await owner.as.mutation(api.chat.startSession, { workerId: worker.workerId })
    await backend.t.mutation(api.workers.beginDraining, {
      credentials,
      cause: 'SIGINT',
      deadlineMs: 10 * SECOND,
    })
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'online',
      phase: 'draining',
      drain: { cause: 'SIGINT', deadline: Date.now() + 10 * SECOND },
    })
    const { page } = await owner.as.query(api.chat.listMessages, {
      sessionId,
      paginationOpts: { numItems: 10, cursor: null },
    })
    expect(page).toMatchObject([{ role: 'system', text: 'The worker is shutting down.' }])
    await expectRefusal(
      owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hello' }),
      'WORKER_DRAINING',
    )
  })
})
