import { expect, it } from 'vitest'
import { api } from '../convex/_generated/api'
import { onlineWorker, useBackend } from './setup'

const backend = useBackend()

async function chat() {
  const { owner, worker, credentials } = await onlineWorker(backend.t)
  const { workerId } = worker
  const sessionId = await owner.as.mutation(api.chat.startSession, { workerId })
  const claim = async () => {
    const [queued] = await backend.t.query(api.answers.queued, { credentials })
    if (!queued) throw new Error('an answer is queued')
    await backend.t.mutation(api.answers.claim, { credentials, messageId: queued.messageId })
    return queued.messageId
  }
  return {
    ...{ owner, credentials, sessionId, claim },
    say: () => owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'hello' }),
    progress: async () => (await owner.as.query(api.chat.listSessions, { workerId }))[0]?.progress,
  }
}

it('a chat says how far it is: what goes on before what waits, and then how it ended', async () => {
  const { owner, credentials, sessionId, claim, say, progress } = await chat()
  expect(await progress()).toBeUndefined()
  await say()
  expect(await progress()).toBe('queued')
  const messageId = await claim()
  await say()
  expect(await progress()).toBe('running')
  await backend.t.mutation(api.requests.raise, {
    ...{ credentials, messageId, key: 'per_1' },
    what: { kind: 'permission', permission: 'bash', patterns: ['ls'] },
  })
  expect(await progress()).toBe('asking')
  const [request] = await owner.as.query(api.requests.list, { sessionId })
  if (!request) throw new Error('it asks')
  await owner.as.mutation(api.requests.answer, { requestId: request.id, reply: { kind: 'once' } })
  expect(await progress()).toBe('running')
  await backend.t.mutation(api.answers.complete, { credentials, messageId })
  expect(await progress()).toBe('queued')
  await backend.t.mutation(api.answers.fail, { credentials, messageId: await claim(), cause: 'No.' })
  expect(await progress()).toBe('failed')
})

it('it is interrupted with its worker, and what is stopped or ended before its time is told, too', async () => {
  const { owner, credentials, sessionId, claim, say, progress } = await chat()
  await say()
  await claim()
  await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
  expect(await progress()).toBe('interrupted')
  await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'later', when: 'later' })
  expect(await progress()).toBe('queued')
  await owner.as.mutation(api.chat.endSession, { sessionId })
  expect(await progress()).toBe('failed')
})
