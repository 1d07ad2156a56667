import { describe, expect, it } from 'vitest'
import { formatWorkerToken, parseWorkerToken } from '../contract'
import { api } from '../convex/_generated/api'
import { expectRefusal, makeOwner, makeWorker, readWorker, register, useBackend } from './setup'

const backend = useBackend()

describe('people', () => {
  it('must be signed in', async () => {
    const page = { paginationOpts: { numItems: 10, cursor: null } }
    await expectRefusal(backend.t.query(api.machines.list, page), 'UNAUTHENTICATED')
    await expectRefusal(backend.t.mutation(api.machines.create, { name: 'x' }), 'UNAUTHENTICATED')
    await expectRefusal(backend.t.query(api.users.me, {}), 'UNAUTHENTICATED')
  })

  it('see and touch only machines that they own', async () => {
    const ada = await makeOwner(backend.t)
    const eve = await makeOwner(backend.t, 'eve@example.com')
    const worker = await makeWorker(ada)
    const { workerId, machineId } = worker
    await register(backend.t, worker)
    const sessionId = await ada.as.mutation(api.chat.startSession, { workerId })
    const opts = { paginationOpts: { numItems: 10, cursor: null } }

    expect((await eve.as.query(api.machines.list, opts)).page).toEqual([])
    await expectRefusal(eve.as.query(api.workers.get, { workerId }), 'NOT_FOUND')
    await expectRefusal(eve.as.query(api.workers.list, { machineId }), 'NOT_FOUND')
    await expectRefusal(eve.as.query(api.workerHistory.events, { workerId, ...opts }), 'NOT_FOUND')
    await expectRefusal(eve.as.query(api.workers.models, { workerId }), 'NOT_FOUND')
    await expectRefusal(eve.as.mutation(api.workerAccess.approve, { workerId }), 'NOT_FOUND')
    await expectRefusal(eve.as.action(api.workerAccess.create, { machineId, name: 'mine' }), 'NOT_FOUND')
    await expectRefusal(eve.as.mutation(api.chat.startSession, { workerId }), 'NOT_FOUND')
    await expectRefusal(eve.as.mutation(api.chat.sendMessage, { sessionId, text: 'hi' }), 'NOT_FOUND')
    await expectRefusal(eve.as.mutation(api.chat.endSession, { sessionId }), 'NOT_FOUND')
    await expectRefusal(eve.as.query(api.chat.getSession, { sessionId }), 'NOT_FOUND')
    await expectRefusal(eve.as.query(api.chat.listSessions, { workerId }), 'NOT_FOUND')
    await expectRefusal(eve.as.query(api.chat.listMessages, { sessionId, ...opts }), 'NOT_FOUND')
  })
})

describe('workers', () => {
  it('are refused without their secret, and nothing changes (defect 7 of the peers)', async () => {
    const owner = await makeOwner(backend.t)
    const worker = await makeWorker(owner)
    const credentials = await register(backend.t, worker)
    const before = await readWorker(backend.t, worker)
    const guessed = { ...credentials, secret: 'x'.repeat(43) }
    await expectRefusal(register(backend.t, { ...worker, secret: guessed.secret }), 'WRONG_SECRET')
    await expectRefusal(
      backend.t.mutation(api.workers.heartbeat, { credentials: guessed, seq: 1 }),
      'WRONG_SECRET',
    )
    await expectRefusal(backend.t.query(api.answers.queued, { credentials: guessed }), 'WRONG_SECRET')
    await expectRefusal(
      backend.t.mutation(api.workers.goOffline, { credentials: guessed, reason: 'shutdown', evidence: {} }),
      'WRONG_SECRET',
    )
    expect(await readWorker(backend.t, worker)).toEqual(before)
  })

  it('are unknown by an id that is none, or of another table', async () => {
    const owner = await makeOwner(backend.t)
    const worker = await makeWorker(owner)
    for (const workerId of ['nonsense', worker.machineId]) {
      const credentials = { workerId, secret: worker.secret, epoch: 1 }
      await expectRefusal(
        backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 }),
        'WORKER_UNKNOWN',
      )
    }
  })

  it('cannot touch the chats of another worker', async () => {
    const owner = await makeOwner(backend.t)
    const api1 = await makeWorker(owner)
    const docs = await makeWorker(owner, { name: 'docs', machineId: api1.machineId })
    await register(backend.t, api1)
    const intruder = await register(backend.t, docs)
    const sessionId = await owner.as.mutation(api.chat.startSession, { workerId: api1.workerId })
    await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hello' })
    const answer = await backend.t.run((ctx) =>
      ctx.db
        .query('messages')
        .withIndex('by_worker_and_status', (q) => q.eq('workerId', api1.workerId).eq('status', 'queued'))
        .first(),
    )
    if (!answer) throw new Error('an answer is queued')
    const messageId = answer._id
    const credentials = intruder
    expect(await backend.t.query(api.answers.queued, { credentials })).toEqual([])
    expect(await backend.t.mutation(api.answers.claim, { credentials, messageId })).toEqual({ kind: 'taken' })
    await expectRefusal(
      backend.t.mutation(api.answers.append, { credentials, messageId, index: 0, text: 'x' }),
      'NOT_FOUND',
    )
    await expectRefusal(backend.t.mutation(api.answers.complete, { credentials, messageId }), 'NOT_FOUND')
    await expectRefusal(
      backend.t.mutation(api.answers.linkSession, { credentials, messageId, opencodeSessionId: 'ses_1' }),
      'NOT_FOUND',
    )
    await expectRefusal(
      backend.t.mutation(api.answers.suspendSession, { credentials, sessionId }),
      'NOT_FOUND',
    )
  })

  it('have their secret stored only as a hash (defect 6 of the peers)', async () => {
    const owner = await makeOwner(backend.t)
    const worker = await makeWorker(owner)
    const stored = await readWorker(backend.t, worker)
    expect(JSON.stringify(stored)).not.toContain(worker.secret)
    expect(stored.secretHash).toMatch(/^[0-9a-f]{64}$/)
    expect(
      JSON.stringify(await owner.as.query(api.workers.get, { workerId: worker.workerId })),
    ).not.toContain(stored.secretHash)
  })
})

describe('names', () => {
  it('are refused when empty, too long, with control characters, or taken', async () => {
    const owner = await makeOwner(backend.t)
    for (const name of ['', '   ', 'x'.repeat(65), 'a\u0000b', 'line\nbreak']) {
      await expectRefusal(owner.as.mutation(api.machines.create, { name }), 'NAME_INVALID')
    }
    const machineId = await owner.as.mutation(api.machines.create, { name: ' build-03 ' })
    await expectRefusal(owner.as.mutation(api.machines.create, { name: 'build-03' }), 'NAME_TAKEN')
    await owner.as.action(api.workerAccess.create, { machineId, name: 'api' })
    await expectRefusal(owner.as.action(api.workerAccess.create, { machineId, name: 'api' }), 'NAME_TAKEN')
  })
})

describe('the token', () => {
  it('survives a round trip and the white space of a paste', () => {
    const token = { machineId: 'm1', workerId: 'w1', secret: 'A_-'.repeat(14) }
    expect(parseWorkerToken(`  ${formatWorkerToken(token)}\n`)).toEqual(token)
  })

  it('is not anything else', () => {
    const secret = 's'.repeat(43)
    for (const text of [
      '',
      'machine_m1',
      `machine_m1:worker_w1:secret_`,
      `worker_w1:machine_m1:secret_${secret}`,
    ]) {
      expect(parseWorkerToken(text)).toBeUndefined()
    }
  })
})
