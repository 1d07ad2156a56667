import { expect, it } from 'vitest'
import { SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import { readCounts } from '../convex/model/metricsTally'
import { makeAdmin, onlineWorker, passTime, useBackend } from './setup'

/** More than two transactions take of what these tests are about. */
const MANY = 210

const backend = useBackend()

it('every answer of a worker that goes offline is closed and counted, however many run', async () => {
  const { owner, worker, credentials } = await onlineWorker(backend.t)
  const { workerId } = worker
  await backend.t.run(async (ctx) => {
    const chat = { userId: owner.userId, title: 'Chat', status: 'active' as const, lastMessageAt: 1 }
    const sessionId = await ctx.db.insert('sessions', { ...chat, workerId })
    const answer = { role: 'assistant' as const, status: 'streaming' as const, text: 'half' }
    for (let i = 0; i < MANY; i++) await ctx.db.insert('messages', { ...answer, sessionId, workerId })
  })
  await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
  await passTime(backend.t, 2 * SECOND)
  const answers = await backend.t.run((ctx) => ctx.db.query('messages').take(MANY + 1))
  expect(answers.filter(({ status }) => status === 'interrupted')).toHaveLength(MANY)
  const { 'answers.interrupted': counted } = await backend.t.run((ctx) => readCounts(ctx))
  expect(counted).toBe(MANY)
})

it('all that a webhook was told goes with it, however much', async () => {
  const admin = await makeAdmin(backend.t)
  const { webhookId } = await admin.as.action(api.webhooks.add, { url: 'https://x.example', shape: 'json' })
  await backend.t.run(async (ctx) => {
    const told = { webhookId, news: 'test' as const, body: '{}', state: 'delivered' as const, attempts: 1 }
    for (let i = 0; i < MANY; i++) await ctx.db.insert('deliveries', told)
  })
  await admin.as.mutation(api.webhooks.remove, { webhookId })
  await passTime(backend.t, 3 * SECOND)
  expect(await backend.t.run((ctx) => ctx.db.query('deliveries').first())).toBeNull()
})
