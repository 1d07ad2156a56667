import { describe, expect, it } from 'vitest'
import { MINUTE, limits } from '../contract'
import { api, internal } from '../convex/_generated/api'
import type { Reply, Request } from '../convex/model/requests'
import { expectRefusal, makeOwner, onlineWorker, passTime, register, useBackend } from './setup'

const backend = useBackend()
const bash: Request = { kind: 'permission', permission: 'bash', patterns: ['rm -r dist'] }

/** opencode has asked something while it answers. */
async function asking(what: Request = bash) {
  const online = await onlineWorker(backend.t)
  const { owner, credentials, worker } = online
  const sessionId = await owner.as.mutation(api.chat.startSession, { workerId: worker.workerId })
  await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'clean up' })
  const [queued] = await backend.t.query(api.answers.queued, { credentials })
  if (!queued) throw new Error('an answer is queued')
  const { messageId } = queued
  await backend.t.mutation(api.answers.claim, { credentials, messageId })
  const raise = (key = 'per_1') =>
    backend.t.mutation(api.requests.raise, { credentials, messageId, key, what })
  await raise()
  const open = () => owner.as.query(api.requests.list, { sessionId })
  const [request] = await open()
  if (!request) throw new Error('it is put before the person')
  const reply = (given: Reply) =>
    owner.as.mutation(api.requests.answer, { requestId: request.id, reply: given })
  const replies = () => backend.t.query(api.requests.replies, { credentials })
  return { ...online, messageId, request, open, raise, reply, replies }
}

describe('what opencode asks', () => {
  it('is put before the person once, and their reply handed to the worker until opencode has it', async () => {
    const { credentials, request, open, raise, reply, replies } = await asking()
    await raise()
    expect(await open()).toMatchObject([{ what: bash, expiresAt: Date.now() + 10 * MINUTE }])
    expect(await replies()).toEqual([])
    await reply({ kind: 'once' })
    expect(await open()).toEqual([])
    expect(await replies()).toEqual([
      { id: request.id, key: 'per_1', reply: { kind: 'once' }, by: 'ada@example.com' },
    ])
    await backend.t.mutation(api.requests.settle, { credentials, requestId: request.id })
    await backend.t.mutation(api.requests.settle, { credentials, requestId: request.id })
    expect(await replies()).toEqual([])
  })

  it('is replied to once, and by the person of the chat', async () => {
    const { request, reply } = await asking()
    const eve = await makeOwner(backend.t, 'eve@example.com')
    const asEve = eve.as.mutation(api.requests.answer, { requestId: request.id, reply: { kind: 'always' } })
    await expectRefusal(asEve, 'NOT_FOUND')
    await reply({ kind: 'reject' })
    await expectRefusal(reply({ kind: 'once' }), 'REQUEST_CLOSED')
  })

  it('is refused when nobody replies within the setting', async () => {
    await backend.t.mutation(internal.settings.update, { requestTimeoutMs: MINUTE })
    const { open, replies } = await asking()
    await passTime(backend.t, MINUTE - 5_000)
    expect(await open()).toHaveLength(1)
    await passTime(backend.t, 5_000)
    expect(await open()).toEqual([])
    expect(await replies()).toMatchObject([{ reply: { kind: 'reject' }, by: 'nobody in time' }])
  })

  it('is worth nothing once its answer has ended, nor to a later incarnation', async () => {
    const { worker, open, reply, replies } = await asking()
    const next = await register(backend.t, worker)
    expect(await open()).toEqual([])
    await expectRefusal(reply({ kind: 'once' }), 'REQUEST_CLOSED')
    await expectRefusal(replies(), 'SUPERSEDED')
    expect(await backend.t.query(api.requests.replies, { credentials: next })).toEqual([])
  })

  it('takes an answer to each question, and nothing else', async () => {
    const option = { label: 'yes', description: '' }
    const question = { header: 'h', question: 'q', options: [option], mayChooseSeveral: false }
    const { reply, replies } = await asking({ kind: 'question', questions: [question, question] })
    await expectRefusal(reply({ kind: 'once' }), 'ARGUMENT_INVALID')
    await expectRefusal(reply({ kind: 'answers', answers: [['yes']] }), 'ARGUMENT_INVALID')
    const long = [['x'.repeat(limits.evidenceLength + 1)], ['yes']]
    await expectRefusal(reply({ kind: 'answers', answers: long }), 'ARGUMENT_INVALID')
    await reply({ kind: 'answers', answers: [['yes'], ['my own words']] })
    expect(await replies()).toMatchObject([{ reply: { answers: [['yes'], ['my own words']] } }])
  })

  it('is refused by itself when it asks without end', async () => {
    const { open, raise, replies } = await asking()
    for (let i = 0; i < limits.requestsPerAnswer; i++) await raise(`per_${i + 2}`)
    await passTime(backend.t, 1_000)
    expect(await replies()).toHaveLength(1)
    expect(await open()).toHaveLength(limits.requestsPerAnswer)
  })
})
