import { describe, expect, it, vi } from 'vitest'
import { SECOND, limits } from '../contract'
import { api } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import { expectRefusal, onlineWorker, register, useBackend } from './setup'

const backend = useBackend()

type Online = Awaited<ReturnType<typeof onlineWorker>>

/** A chat with one queued answer. */
async function asked(text = 'hello') {
  const online = await onlineWorker(backend.t)
  const { workerId } = online.worker
  const sessionId = await online.owner.as.mutation(api.chat.startSession, { workerId })
  await online.owner.as.mutation(api.chat.sendMessage, { sessionId, text })
  return { ...online, sessionId, messageId: await newest(online, sessionId) }
}

async function list({ owner }: Pick<Online, 'owner'>, sessionId: Id<'sessions'>) {
  const paginationOpts = { numItems: 20, cursor: null }
  return (await owner.as.query(api.chat.listMessages, { sessionId, paginationOpts })).page
}

async function newest(online: Pick<Online, 'owner'>, sessionId: Id<'sessions'>) {
  const id = (await list(online, sessionId))[0]?.id
  if (!id) throw new Error('a message is listed')
  return id
}

/** The worker has taken it and written something. */
async function answering() {
  const chat = await asked()
  const { credentials, messageId } = chat
  await backend.t.mutation(api.answers.claim, { credentials, messageId })
  await backend.t.mutation(api.answers.append, { credentials, messageId, index: 0, text: 'once' })
  return chat
}

describe('stop', () => {
  it('ends an answer that waits, which is then not to be had', async () => {
    const { owner, credentials, messageId, sessionId } = await asked()
    await owner.as.mutation(api.chat.stop, { messageId })
    expect((await list({ owner }, sessionId))[0]).toMatchObject({ status: 'interrupted' })
    const claim = await backend.t.mutation(api.answers.claim, { credentials, messageId })
    expect(claim).toEqual({ kind: 'taken' })
  })

  it('asks the worker to end one that it gives; what was written is kept', async () => {
    const { owner, credentials, messageId, sessionId } = await answering()
    expect(await backend.t.query(api.answers.stops, { credentials })).toEqual([])
    await owner.as.mutation(api.chat.stop, { messageId })
    await owner.as.mutation(api.chat.stop, { messageId })
    expect((await list({ owner }, sessionId))[0]).toMatchObject({ status: 'streaming', isStopping: true })
    expect(await backend.t.query(api.answers.stops, { credentials })).toEqual([messageId])
    await backend.t.mutation(api.answers.interrupt, { credentials, messageId, cause: 'Stopped.' })
    expect(await backend.t.query(api.answers.stops, { credentials })).toEqual([])
    const [stopped] = await list({ owner }, sessionId)
    expect(stopped).toMatchObject({ status: 'interrupted', text: 'once', cause: 'Stopped.' })
    expect(stopped?.isStopping).toBeUndefined()
  })

  it('does nothing to an answer that has ended, and is not followed after the worker went offline', async () => {
    const { owner, credentials, messageId, sessionId, worker } = await answering()
    await owner.as.mutation(api.chat.stop, { messageId })
    await backend.t.mutation(api.answers.complete, { credentials, messageId })
    await owner.as.mutation(api.chat.stop, { messageId })
    expect((await list({ owner }, sessionId))[0]).toMatchObject({ status: 'completed' })

    await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'again' })
    const second = await newest({ owner }, sessionId)
    await backend.t.mutation(api.answers.claim, { credentials, messageId: second })
    await owner.as.mutation(api.chat.stop, { messageId: second })
    const next = await register(backend.t, worker)
    expect((await list({ owner }, sessionId))[0]).toMatchObject({ status: 'interrupted' })
    expect(await backend.t.query(api.answers.stops, { credentials: next })).toEqual([])
  })
})

describe('retry', () => {
  it('asks again what an interrupted answer had been asked, and keeps that one', async () => {
    const { owner, credentials, messageId, sessionId } = await answering()
    await backend.t.mutation(api.answers.interrupt, { credentials, messageId, cause: 'x' })
    const again = await owner.as.mutation(api.chat.retry, { messageId })
    expect(await backend.t.mutation(api.answers.claim, { credentials, messageId: again })).toMatchObject({
      ...{ kind: 'claimed', prompt: 'hello' },
    })
    expect((await list({ owner }, sessionId)).map(({ status, text }) => [status, text])).toEqual([
      ['claimed', ''],
      ['interrupted', 'once'],
      ['completed', 'hello'],
    ])
  })

  it('asks again what a shutdown has interrupted', async () => {
    const { owner, credentials, messageId, worker } = await answering()
    const drain = { credentials, cause: 'SIGTERM' as const, deadlineMs: 1_000 }
    await backend.t.mutation(api.workers.beginDraining, drain)
    const end = { credentials, reason: 'shutdown' as const, evidence: {} }
    await backend.t.mutation(api.workers.goOffline, end)
    await expectRefusal(owner.as.mutation(api.chat.retry, { messageId }), 'WORKER_OFFLINE')
    const again = await owner.as.mutation(api.chat.retry, { messageId, when: 'later' })
    const next = await register(backend.t, worker)
    const claim = await backend.t.mutation(api.answers.claim, { credentials: next, messageId: again })
    expect(claim).toMatchObject({ kind: 'claimed', prompt: 'hello' })
  })

  it('is for the last answer of a chat only, once it has failed or was interrupted', async () => {
    const { owner, credentials, messageId, sessionId } = await answering()
    const retry = () => owner.as.mutation(api.chat.retry, { messageId })
    await expectRefusal(retry(), 'RETRY_OUT_OF_DATE')
    await backend.t.mutation(api.answers.fail, { credentials, messageId, cause: 'x' })
    await retry()
    await expectRefusal(retry(), 'RETRY_OUT_OF_DATE')
    await owner.as.mutation(api.chat.endSession, { sessionId })
    await expectRefusal(
      owner.as.mutation(api.chat.retry, { messageId: await newest({ owner }, sessionId) }),
      'SESSION_ENDED',
    )
  })
})

describe('a message for later', () => {
  it('waits for a worker that is away, and is taken by its next incarnation', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const { workerId } = worker
    const end = { credentials, reason: 'shutdown' as const, evidence: {} }
    await backend.t.mutation(api.workers.goOffline, end)
    await expectRefusal(owner.as.mutation(api.chat.startSession, { workerId }), 'WORKER_OFFLINE')
    const sessionId = await owner.as.mutation(api.chat.startSession, { workerId, when: 'later' })
    const send = (when?: 'later') =>
      owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hello', ...(when && { when }) })
    await expectRefusal(send(), 'WORKER_OFFLINE')
    await send('later')
    expect(await owner.as.query(api.chat.getSession, { sessionId })).toMatchObject({ status: 'suspended' })

    const next = await register(backend.t, worker)
    const [waiting] = await backend.t.query(api.answers.queued, { credentials: next })
    const messageId = waiting?.messageId as Id<'messages'>
    const claimed = await backend.t.mutation(api.answers.claim, { credentials: next, messageId })
    expect(claimed).toMatchObject({ kind: 'claimed', prompt: 'hello' })
    expect(await owner.as.query(api.chat.getSession, { sessionId })).toMatchObject({ status: 'active' })
  })

  it('does not wait for a worker that is revoked', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const { workerId } = worker
    await owner.as.mutation(api.workerAccess.revoke, { workerId })
    await expectRefusal(
      owner.as.mutation(api.chat.startSession, { workerId, when: 'later' }),
      'WORKER_REVOKED',
    )
  })
})

describe('parts of an answer', () => {
  const tool = (status: 'running' | 'completed', output = '') => ({
    ...{ kind: 'tool' as const, tool: 'bash', title: 'ls', status, input: '{"command":"ls"}', output },
  })

  it('are told again and again, each in its place, cut where they get too long', async () => {
    const { owner, credentials, messageId } = await answering()
    const put = (parts: { key: string; at: number; what: ReturnType<typeof tool> }[]) =>
      backend.t.mutation(api.answers.putParts, { credentials, messageId, parts })
    await put([{ key: 'b', at: 4, what: tool('running') }])
    await put([{ key: 'a', at: 0, what: tool('completed', 'x'.repeat(limits.partLength + 1)) }])
    await put([{ key: 'b', at: 4, what: tool('completed', 'README.md') }])
    const parts = await owner.as.query(api.chat.parts, { messageId })
    expect(parts.map(({ at }) => at)).toEqual([0, 4])
    expect(parts[0]?.what).toMatchObject({ isTruncated: true, output: 'x'.repeat(limits.partLength) })
    expect(parts[1]?.what).toEqual(tool('completed', 'README.md'))
    await expectRefusal(
      put(Array.from({ length: 51 }, () => ({ key: 'c', at: 0, what: tool('running') }))),
      'ARGUMENT_INVALID',
    )
  })

  it('are over when their answer is, whatever was last heard of them', async () => {
    const { owner, credentials, messageId, worker } = await answering()
    const parts = [{ key: 'a', at: 0, what: tool('running') }]
    await backend.t.mutation(api.answers.putParts, { credentials, messageId, parts })
    const shown = async () => (await owner.as.query(api.chat.parts, { messageId }))[0]?.what.status
    expect(await shown()).toBe('running')
    await register(backend.t, worker)
    expect(await shown()).toBe('failed')
    await expectRefusal(
      backend.t.mutation(api.answers.putParts, { credentials, messageId, parts }),
      'SUPERSEDED',
    )
  })

  it('are so many that a page can show them', async () => {
    const { owner, credentials, messageId } = await answering()
    for (let i = 0; i < limits.partsPerAnswer + 50; i += 50) {
      const parts = Array.from({ length: 50 }, (_, j) => ({ key: `k${i + j}`, at: 0, what: tool('running') }))
      await backend.t.mutation(api.answers.putParts, { credentials, messageId, parts })
    }
    expect(await owner.as.query(api.chat.parts, { messageId })).toHaveLength(limits.partsPerAnswer)
  })
})

describe('a model that is asked again later', () => {
  it('is told with the time of the next try until there is text, and what the answer cost when it ends', async () => {
    const { owner, credentials, messageId, sessionId } = await answering()
    const retry = { credentials, messageId, attempt: 2, message: 'Rate limited', inMs: 4 * SECOND }
    await backend.t.mutation(api.answers.noteModelRetry, retry)
    const at = Date.now() + 4 * SECOND
    const shown = async () => (await list({ owner }, sessionId))[0]
    expect((await shown())?.modelRetry).toEqual({ attempt: 2, message: 'Rate limited', at })
    vi.advanceTimersByTime(SECOND)
    await backend.t.mutation(api.answers.append, { credentials, messageId, index: 1, text: ' upon' })
    expect((await shown())?.modelRetry).toBeUndefined()

    const tokens = {
      inputTokens: 10,
      outputTokens: 2,
      reasoningTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
    }
    const complete = (usd: number) =>
      backend.t.mutation(api.answers.complete, { credentials, messageId, usage: { usd, ...tokens } })
    await expectRefusal(complete(Number.NaN), 'ARGUMENT_INVALID')
    await complete(0.5)
    expect((await shown())?.usage).toEqual({ usd: 0.5, ...tokens })
  })
})
