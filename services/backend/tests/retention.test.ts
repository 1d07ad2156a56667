import { expect, it, vi } from 'vitest'
import { DAY, HOUR } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { kept } from '../convex/model/retention'
import { makeFleet, onlineWorker, passTime, readEvents, register, useBackend } from './setup'

const backend = useBackend()

const applyRetention = async () => {
  await backend.t.mutation(internal.cleanupTasks.applyRetention, {})
  await passTime(backend.t, 60_000)
}

it('transitions are deleted when they are old enough, in steps; each worker keeps its last one, and its uptime', async () => {
  const { worker, credentials } = await onlineWorker(backend.t)
  let present = credentials
  for (let run = 0; run < 120; run++) {
    await backend.t.mutation(api.workers.goOffline, {
      ...{ credentials: present, reason: 'shutdown', evidence: {} },
    })
    vi.setSystemTime(Date.now() + HOUR)
    present = await register(backend.t, worker)
  }
  const [silent] = await makeFleet(backend.t, 1)
  if (!silent) throw new Error('one')
  const days = () => backend.t.run((ctx) => ctx.db.query('uptimeDays').take(100))
  const before = await days()
  vi.setSystemTime(Date.now() + kept.eventsMs - 50 * HOUR)
  await applyRetention()
  const left = await readEvents(backend.t, worker)
  expect(left.length).toBeGreaterThan(90)
  expect(left.length).toBeLessThan(110)
  expect(Math.min(...left.map(({ at }) => at))).toBeGreaterThanOrEqual(Date.now() - kept.eventsMs - 60_000)
  vi.setSystemTime(Date.now() + kept.eventsMs)
  await applyRetention()
  expect((await readEvents(backend.t, worker)).at(-1)?.at).toBe(left.at(-1)?.at)
  expect(await readEvents(backend.t, worker)).toHaveLength(1)
  expect(await readEvents(backend.t, silent.worker)).toHaveLength(1)
  expect((await days()).map(({ spent }) => spent)).toEqual(
    expect.arrayContaining(before.map(({ spent }) => spent)),
  )
})

it('a chat is deleted with all that belongs to it, so long after its last word; others are left alone', async () => {
  const { owner, worker, credentials } = await onlineWorker(backend.t)
  const { workerId } = worker
  const chats = [1, 2].map(() => owner.as.mutation(api.chat.startSession, { workerId }))
  const [old, fresh] = await Promise.all(chats)
  if (!old || !fresh) throw new Error('two')
  for (let said = 0; said < 12; said++) {
    await owner.as.mutation(api.chat.sendMessage, { sessionId: old, text: 'hello' })
    const [queued] = await backend.t.query(api.answers.queued, { credentials })
    if (!queued) throw new Error('queued')
    const { messageId } = queued
    await backend.t.mutation(api.answers.claim, { credentials, messageId })
    const what = { kind: 'reasoning' as const, status: 'completed' as const, text: 'hm' }
    await backend.t.mutation(api.answers.putParts, {
      credentials,
      messageId,
      parts: [{ key: 'r', at: 0, what }],
    })
    await backend.t.mutation(api.requests.raise, {
      ...{ credentials, messageId, key: 'per_1' },
      what: { kind: 'permission', permission: 'bash', patterns: ['ls'] },
    })
    await backend.t.mutation(api.answers.complete, { credentials, messageId })
  }
  vi.setSystemTime(Date.now() + kept.chatsMs - DAY)
  await applyRetention()
  expect(await owner.as.query(api.chat.listSessions, { workerId })).toHaveLength(2)
  await owner.as.mutation(api.chat.sendMessage, { sessionId: fresh, text: 'later', when: 'later' })
  vi.setSystemTime(Date.now() + 2 * DAY)
  await applyRetention()
  const left = await backend.t.run(async (ctx) => ({
    sessions: (await ctx.db.query('sessions').take(99)).map(({ _id }) => _id),
    messages: (await ctx.db.query('messages').take(99)).filter(({ sessionId }) => sessionId === old),
    parts: await ctx.db.query('parts').take(99),
    requests: await ctx.db.query('requests').take(99),
  }))
  expect(left).toEqual({ sessions: [fresh], messages: [], parts: [], requests: [] })
})
