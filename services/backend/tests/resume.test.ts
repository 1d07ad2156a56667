import { describe, expect, it } from 'vitest'
import { api } from '../convex/_generated/api'
import { onlineWorker, register, useBackend } from './setup'

const backend = useBackend()

/** A chat whose worker gave an answer in an opencode session, went, and is back as another incarnation. */
async function resumed() {
  const { owner, worker, credentials } = await onlineWorker(backend.t)
  const sessionId = await owner.as.mutation(api.chat.startSession, { workerId: worker.workerId })
  const list = async () => {
    const paginationOpts = { numItems: 20, cursor: null }
    return (await owner.as.query(api.chat.listMessages, { sessionId, paginationOpts })).page
  }
  const claimNext = async (caller: typeof credentials, text: string) => {
    await owner.as.mutation(api.chat.sendMessage, { sessionId, text })
    const messageId = (await list())[0]?.id
    if (!messageId) throw new Error('an answer is listed')
    const claim = await backend.t.mutation(api.answers.claim, { credentials: caller, messageId })
    return { messageId, claim }
  }
  const { messageId: first } = await claimNext(credentials, 'begin')
  await backend.t.mutation(api.answers.linkSession, {
    credentials,
    messageId: first,
    opencodeSessionId: 'ses_7',
  })
  await backend.t.mutation(api.answers.complete, { credentials, messageId: first })
  await backend.t.mutation(api.answers.suspendSession, { credentials, sessionId })
  await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
  const next = await register(backend.t, worker)
  const { messageId, claim } = await claimNext(next, 'go on')
  const link = (opencodeSessionId: string) =>
    backend.t.mutation(api.answers.linkSession, { credentials: next, messageId, opencodeSessionId })
  return { list, claim, messageId, link }
}

describe('a chat after its worker was away', () => {
  it('continues its opencode session', async () => {
    const { list, claim, link } = await resumed()
    expect(claim).toMatchObject({ kind: 'claimed', opencodeSessionId: 'ses_7', prompt: 'go on' })
    await link('ses_7')
    expect((await list())[0]?.beganAnew).toBeUndefined()
  })

  it('says with the answer that opencode had lost the conversation', async () => {
    const { list, link, messageId } = await resumed()
    await link('ses_8')
    const messages = await list()
    expect(messages[0]).toMatchObject({ id: messageId, beganAnew: true })
    expect(messages.filter(({ beganAnew }) => beganAnew)).toHaveLength(1)
  })
})
