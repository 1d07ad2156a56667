import { describe, expect, it } from 'vitest'
import { SECOND, limits } from '../contract'
import { api } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import {
  expectRefusal,
  makeOwner,
  makeWorker,
  passTime,
  readWorker,
  register,
  useBackend,
  type Owner,
} from './setup'

const backend = useBackend()

async function openChat() {
  const owner = await makeOwner(backend.t)
  const worker = await makeWorker(owner)
  const credentials = await register(backend.t, worker)
  await backend.t.mutation(api.workers.ready, { credentials, opencodeVersion: '1.18.33' })
  const sessionId = await owner.as.mutation(api.chat.startSession, {
    workerId: worker.workerId,
    model: 'stub/ok',
  })
  return { owner, worker, credentials, sessionId }
}

async function messagesOf(owner: Owner, sessionId: Id<'sessions'>) {
  const { page } = await owner.as.query(api.chat.listMessages, {
    sessionId,
    paginationOpts: { numItems: 50, cursor: null },
  })
  return page.reverse()
}

async function askAndClaim(chat: Awaited<ReturnType<typeof openChat>>, text = 'hello') {
  await chat.owner.as.mutation(api.chat.sendMessage, { sessionId: chat.sessionId, text })
  const [queued] = await backend.t.query(api.answers.queued, { credentials: chat.credentials })
  if (!queued) throw new Error('an answer is queued')
  const { messageId } = queued
  const claimed = await backend.t.mutation(api.answers.claim, { credentials: chat.credentials, messageId })
  return { messageId, claimed }
}

describe('an answer', () => {
  it('is queued, claimed, streamed and completed, while the worker shows as busy', async () => {
    const chat = await openChat()
    const { credentials } = chat
    const { messageId, claimed } = await askAndClaim(chat)
    expect(claimed).toMatchObject({ kind: 'claimed', prompt: 'hello', model: 'stub/ok' })
    expect(await readWorker(backend.t, chat.worker)).toMatchObject({ phase: 'busy', runningPrompts: 1 })

    await backend.t.mutation(api.answers.append, { credentials, messageId, index: 0, text: 'Hi ' })
    await backend.t.mutation(api.answers.append, { credentials, messageId, index: 1, text: 'Ada' })
    expect((await messagesOf(chat.owner, chat.sessionId)).at(-1)).toMatchObject({
      status: 'streaming',
      text: 'Hi Ada',
    })
    await backend.t.mutation(api.answers.complete, { credentials, messageId })
    expect((await messagesOf(chat.owner, chat.sessionId)).at(-1)).toMatchObject({
      status: 'completed',
      text: 'Hi Ada',
    })
    expect(await readWorker(backend.t, chat.worker)).toMatchObject({ phase: 'ready', runningPrompts: 0 })
  })

  it('is claimed exactly once', async () => {
    const chat = await openChat()
    const { messageId } = await askAndClaim(chat)
    expect(await backend.t.mutation(api.answers.claim, { credentials: chat.credentials, messageId })).toEqual(
      {
        kind: 'taken',
      },
    )
  })

  it('takes a repeated append once and refuses a gap', async () => {
    const chat = await openChat()
    const { credentials } = chat
    const { messageId } = await askAndClaim(chat)
    const append = (index: number, text: string) =>
      backend.t.mutation(api.answers.append, { credentials, messageId, index, text })
    await append(0, 'a')
    await append(0, 'a')
    await expectRefusal(append(2, 'c'), 'APPEND_OUT_OF_ORDER')
    await append(1, 'b')
    expect((await messagesOf(chat.owner, chat.sessionId)).at(-1)?.text).toBe('ab')
  })

  it('stays within what a document holds', async () => {
    const chat = await openChat()
    const { credentials } = chat
    const { messageId } = await askAndClaim(chat)
    const text = 'x'.repeat(limits.answerBytes)
    await backend.t.mutation(api.answers.append, { credentials, messageId, index: 0, text })
    await expectRefusal(
      backend.t.mutation(api.answers.append, { credentials, messageId, index: 1, text: 'y' }),
      'ANSWER_TOO_LONG',
    )
  })

  it('that has ended stays ended', async () => {
    const chat = await openChat()
    const { credentials } = chat
    const { messageId } = await askAndClaim(chat)
    await backend.t.mutation(api.answers.fail, {
      credentials,
      messageId,
      cause: 'The model refused the key.',
    })
    await expectRefusal(
      backend.t.mutation(api.answers.append, { credentials, messageId, index: 0, text: 'late' }),
      'MESSAGE_CLOSED',
    )
    await expectRefusal(
      backend.t.mutation(api.answers.complete, { credentials, messageId }),
      'MESSAGE_CLOSED',
    )
    expect((await messagesOf(chat.owner, chat.sessionId)).at(-1)).toMatchObject({
      status: 'failed',
      cause: 'The model refused the key.',
    })
  })

  it('is interrupted with its text when its worker is lost, and its session suspended (rule 18)', async () => {
    const chat = await openChat()
    const { credentials } = chat
    const { messageId } = await askAndClaim(chat)
    await backend.t.mutation(api.answers.append, { credentials, messageId, index: 0, text: 'half of' })
    await passTime(backend.t, 100 * SECOND)
    expect((await messagesOf(chat.owner, chat.sessionId)).at(-1)).toMatchObject({
      status: 'interrupted',
      text: 'half of',
    })
    expect(await chat.owner.as.query(api.chat.getSession, { sessionId: chat.sessionId })).toMatchObject({
      status: 'suspended',
    })
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    await expectRefusal(
      backend.t.mutation(api.answers.append, { credentials, messageId, index: 1, text: ' a word' }),
      'MESSAGE_CLOSED',
    )
  })

  it('cannot be written by the process that follows', async () => {
    const chat = await openChat()
    const { messageId } = await askAndClaim(chat)
    const successor = await register(backend.t, chat.worker)
    expect((await messagesOf(chat.owner, chat.sessionId)).at(-1)?.status).toBe('interrupted')
    await expectRefusal(
      backend.t.mutation(api.answers.append, { credentials: successor, messageId, index: 0, text: 'x' }),
      'MESSAGE_CLOSED',
    )
  })

  it('that was queued when its worker went is claimed by the next incarnation', async () => {
    const chat = await openChat()
    await chat.owner.as.mutation(api.chat.sendMessage, { sessionId: chat.sessionId, text: 'hello' })
    await backend.t.mutation(api.workers.goOffline, {
      credentials: chat.credentials,
      reason: 'shutdown',
      evidence: {},
    })
    const credentials = await register(backend.t, chat.worker)
    const [queued] = await backend.t.query(api.answers.queued, { credentials })
    if (!queued) throw new Error('an answer is queued')
    expect(
      await backend.t.mutation(api.answers.claim, { credentials, messageId: queued.messageId }),
    ).toMatchObject({ kind: 'claimed', prompt: 'hello' })
  })
})

describe('a message', () => {
  it('is refused when empty or too long, and nothing is stored', async () => {
    const { owner, sessionId } = await openChat()
    for (const text of ['', ' \n\t']) {
      await expectRefusal(owner.as.mutation(api.chat.sendMessage, { sessionId, text }), 'MESSAGE_EMPTY')
    }
    const mebibyte = 'x'.repeat(1024 * 1024)
    await expectRefusal(
      owner.as.mutation(api.chat.sendMessage, { sessionId, text: mebibyte }),
      'MESSAGE_TOO_LONG',
    )
    expect(await messagesOf(owner, sessionId)).toEqual([])
  })

  it('is refused while the worker is offline, pending, or the chat is over', async () => {
    const { owner, credentials, sessionId, worker } = await openChat()
    await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
    await expectRefusal(owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hi' }), 'WORKER_OFFLINE')
    await expectRefusal(
      owner.as.mutation(api.chat.startSession, { workerId: worker.workerId }),
      'WORKER_OFFLINE',
    )
    const pending = await makeWorker(owner, { name: 'new', machineId: worker.machineId, approved: false })
    await expectRefusal(
      owner.as.mutation(api.chat.startSession, { workerId: pending.workerId }),
      'WORKER_NOT_APPROVED',
    )
    await register(backend.t, worker)
    await owner.as.mutation(api.chat.endSession, { sessionId })
    await expectRefusal(owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hi' }), 'SESSION_ENDED')
  })

  it('that waits when its chat is ended fails with the cause', async () => {
    const { owner, sessionId, credentials } = await openChat()
    await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hi' })
    await owner.as.mutation(api.chat.endSession, { sessionId })
    expect((await messagesOf(owner, sessionId)).at(-1)).toMatchObject({ status: 'failed' })
    expect(await backend.t.query(api.answers.queued, { credentials })).toEqual([])
  })
})

describe('models', () => {
  it('are those that the worker published last', async () => {
    const { owner, credentials, worker } = await openChat()
    const { workerId } = worker
    expect(await owner.as.query(api.workers.models, { workerId })).toEqual([])
    for (const models of [[{ id: 'a/1', name: 'One' }], [{ id: 'b/2', name: 'Two' }]]) {
      await backend.t.mutation(api.workers.publishModels, { credentials, models })
      expect(await owner.as.query(api.workers.models, { workerId })).toEqual(models)
    }
  })
})

describe('what a worker is offered', () => {
  it('is the oldest question of each chat, so that a full chat holds up no other', async () => {
    const { owner, worker, credentials, sessionId } = await openChat()
    const other = await owner.as.mutation(api.chat.startSession, { workerId: worker.workerId })
    for (let i = 0; i < limits.queuedPerSession; i++) {
      await owner.as.mutation(api.chat.sendMessage, { sessionId, text: `question ${i}` })
    }
    await expectRefusal(owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'more' }), 'LIMIT_REACHED')
    await owner.as.mutation(api.chat.sendMessage, { sessionId: other, text: 'hello' })
    const offered = await backend.t.query(api.answers.queued, { credentials })
    expect(offered.map((answer) => answer.sessionId)).toEqual([sessionId, other])
    const messageId = offered[0]?.messageId
    if (!messageId) throw new Error('an answer is offered')
    const claimed = await backend.t.mutation(api.answers.claim, { credentials, messageId })
    expect(claimed).toMatchObject({ prompt: 'question 0' })
  })
})
