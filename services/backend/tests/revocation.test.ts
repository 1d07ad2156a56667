import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../contract'
import { api, internal } from '../convex/_generated/api'
import type { TableNames } from '../convex/_generated/dataModel'
import {
  expectRefusal,
  makeOwner,
  makeWorker,
  onlineWorker,
  passTime,
  readEvents,
  readMachine,
  readWorker,
  register,
  signedInAs,
  useBackend,
  WITNESS_KEY,
} from './setup'

const backend = useBackend()

describe('a revoked worker (rule 17, defect 4 of the peers)', () => {
  it('is offline in the same transaction, with its reason, and its machine too', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await owner.as.mutation(api.workerAccess.revoke, { workerId: worker.workerId })
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'offline',
      approval: 'revoked',
      offline: { reason: 'revoked' },
    })
    expect((await readMachine(backend.t, worker)).status).toBe('offline')
    const events = await readEvents(backend.t, worker)
    expect(events.at(-1)).toMatchObject({ noticedBy: 'backend', what: { reason: 'revoked' } })

    await owner.as.mutation(api.workerAccess.revoke, { workerId: worker.workerId })
    expect(await readEvents(backend.t, worker)).toEqual(events)
  })

  it('can do nothing any more, nor can its supervisor, and is never approved again', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const { workerId } = worker
    await owner.as.mutation(api.workerAccess.revoke, { workerId })
    const before = await readWorker(backend.t, worker)
    for (const call of [
      () => backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 }),
      () => backend.t.query(api.workers.self, { credentials }),
      () => backend.t.query(api.answers.queued, { credentials }),
      () => backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} }),
      () => register(backend.t, worker),
      () => owner.as.mutation(api.workerAccess.approve, { workerId }),
      () => owner.as.mutation(api.chat.startSession, { workerId }),
    ]) {
      await expectRefusal(call(), 'WORKER_REVOKED')
    }
    const witness = { workerId, epoch: credentials.epoch, key: WITNESS_KEY }
    await expectRefusal(backend.t.mutation(api.workers.reportExit, { witness }), 'INCARNATION_CLOSED')
    await passTime(backend.t, 3 * MINUTE)
    expect(await readWorker(backend.t, worker)).toEqual(before)
  })

  it('leaves no chat waiting or being written', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const sessionId = await owner.as.mutation(api.chat.startSession, { workerId: worker.workerId })
    for (const text of ['first', 'second']) await owner.as.mutation(api.chat.sendMessage, { sessionId, text })
    const [first] = await backend.t.query(api.answers.queued, { credentials })
    if (!first) throw new Error('an answer is queued')
    const { messageId } = first
    await backend.t.mutation(api.answers.claim, { credentials, messageId })
    await backend.t.mutation(api.answers.append, { credentials, messageId, index: 0, text: 'Well' })
    await owner.as.mutation(api.workerAccess.revoke, { workerId: worker.workerId })
    const { page } = await owner.as.query(api.chat.listMessages, {
      sessionId,
      paginationOpts: { numItems: 10, cursor: null },
    })
    const answers = page.filter(({ role }) => role === 'assistant').map(({ status, text }) => [status, text])
    expect(answers.reverse()).toEqual([
      ['interrupted', 'Well'],
      ['failed', ''],
    ])
  })

  it('is revoked by its owner only', async () => {
    const { worker } = await onlineWorker(backend.t)
    const eve = await makeOwner(backend.t, 'eve@example.com')
    await expectRefusal(eve.as.mutation(api.workerAccess.revoke, { workerId: worker.workerId }), 'NOT_FOUND')
    expect((await readWorker(backend.t, worker)).approval).toBe('approved')
  })

  it('is not brought back by a start on its own machine', async () => {
    const names = { machineName: 'build-03', workerName: 'api', secretHash: 'f'.repeat(64) }
    const made = await backend.t.mutation(internal.localOwner.ensureWorker, names)
    if (made === 'revoked') throw new Error('it is new')
    const { ownerId } = await readMachine(backend.t, { ...made, secret: '' })
    const as = await signedInAs(backend.t, ownerId)
    await as.mutation(api.workerAccess.revoke, { workerId: made.workerId })
    expect(await backend.t.mutation(internal.localOwner.ensureWorker, names)).toBe('revoked')
  })
})

describe('a removed machine (defect 5 of the peers)', () => {
  /** Everything that can belong to a machine, and how many there are. */
  const rows = async () => {
    const tables = [
      ...['machines', 'workers', 'liveness', 'workerEvents', 'uptimeDays', 'workerModels'],
      ...['sessions', 'messages'],
    ]
    const counts = tables.map(async (table) => [
      table,
      await backend.t.run(async (ctx) => (await ctx.db.query(table as TableNames).take(1_000)).length),
    ])
    return Object.fromEntries(await Promise.all(counts)) as Record<string, number>
  }

  it('is gone from the list at once, ends its workers, and leaves no row behind', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const second = await makeWorker(owner, { name: 'docs', machineId: worker.machineId })
    const secondCredentials = await register(backend.t, second)
    const other = await makeWorker(owner, { machine: 'studio-mac' })
    const remaining = await register(backend.t, other)
    await backend.t.mutation(api.workers.publishModels, {
      credentials,
      models: [{ id: 'scripted/ok', name: 'ok' }],
    })
    for (let chat = 0; chat < 12; chat++) {
      const sessionId = await owner.as.mutation(api.chat.startSession, { workerId: worker.workerId })
      await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hello' })
    }

    await owner.as.mutation(api.machines.remove, { machineId: worker.machineId })
    const opts = { paginationOpts: { numItems: 10, cursor: null } }
    const { page } = await owner.as.query(api.machines.list, opts)
    expect(page.map(({ name }) => name)).toEqual(['studio-mac'])
    await expectRefusal(owner.as.query(api.workers.get, { workerId: worker.workerId }), 'NOT_FOUND')

    await passTime(backend.t, 2 * SECOND)
    for (const gone of [credentials, secondCredentials]) {
      await expectRefusal(
        backend.t.mutation(api.workers.heartbeat, { credentials: gone, seq: 1 }),
        'WORKER_REVOKED',
      )
    }
    expect(await backend.t.mutation(api.workers.heartbeat, { credentials: remaining, seq: 1 })).toEqual({
      kind: 'counted',
    })

    await passTime(backend.t, 6 * MINUTE)
    expect(await rows()).toEqual({
      ...{ machines: 1, workers: 1, liveness: 1, workerEvents: 2 },
      ...{ workerModels: 0, sessions: 0, messages: 0, uptimeDays: 1 },
    })
    await expectRefusal(register(backend.t, worker), 'WORKER_UNKNOWN')
  })

  it('may lose a single worker, once that is revoked, with all of its rows', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const { machineId, workerId } = worker
    const remove = () => owner.as.mutation(api.workerAccess.remove, { workerId })
    for (let chat = 0; chat < 3; chat++) {
      const sessionId = await owner.as.mutation(api.chat.startSession, { workerId })
      await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hello' })
    }
    await expectRefusal(remove(), 'WORKER_NOT_REVOKED')
    expect((await readWorker(backend.t, worker)).status).toBe('online')
    await owner.as.mutation(api.workerAccess.revoke, { workerId })
    await remove()
    expect(await owner.as.query(api.workers.list, { machineId })).toEqual([])
    await expectRefusal(remove(), 'NOT_FOUND')
    await passTime(backend.t, 5 * SECOND)
    expect(await rows()).toEqual({
      ...{ machines: 1, workers: 0, liveness: 0, workerEvents: 0, uptimeDays: 0, workerModels: 0 },
      ...{ sessions: 0, messages: 0 },
    })
    await expectRefusal(register(backend.t, worker), 'WORKER_UNKNOWN')
  })

  it('passes nothing on to a machine of the same name', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await owner.as.mutation(api.machines.remove, { machineId: worker.machineId })
    const again = await owner.as.mutation(api.machines.create, { name: 'build-03' })
    expect(await owner.as.query(api.workers.list, { machineId: again })).toEqual([])
    await passTime(backend.t, 6 * MINUTE)
    expect(
      (await owner.as.query(api.machines.list, { paginationOpts: { numItems: 9, cursor: null } })).page,
    ).toMatchObject([{ id: again }])
    expect(await owner.as.query(api.workers.list, { machineId: again })).toEqual([])
  })

  it('is removed by its owner only', async () => {
    const { worker } = await onlineWorker(backend.t)
    const eve = await makeOwner(backend.t, 'eve@example.com')
    await expectRefusal(eve.as.mutation(api.machines.remove, { machineId: worker.machineId }), 'NOT_FOUND')
    expect((await readWorker(backend.t, worker)).status).toBe('online')
  })
})
