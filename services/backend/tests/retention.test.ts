import { expect, it, vi } from 'vitest'
import { DAY, HOUR, defaultSettings } from '../contract'
import { api, internal } from '../convex/_generated/api'
import type { Doc } from '../convex/_generated/dataModel'
import { makeFleet, onlineWorker, passTime, readEvents, register, useBackend } from './setup'

const backend = useBackend()
const { eventRetentionMs, chatRetentionMs } = defaultSettings

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
  vi.setSystemTime(Date.now() + eventRetentionMs - 50 * HOUR)
  await applyRetention()
  const left = await readEvents(backend.t, worker)
  expect(left.length).toBeGreaterThan(90)
  expect(left.length).toBeLessThan(110)
  expect(Math.min(...left.map(({ at }) => at))).toBeGreaterThanOrEqual(Date.now() - eventRetentionMs - 60_000)
  vi.setSystemTime(Date.now() + eventRetentionMs)
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
  vi.setSystemTime(Date.now() + chatRetentionMs - DAY)
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

it('how long that is, is a setting; so it is for alerts', async () => {
  const { owner, worker, credentials } = await onlineWorker(backend.t)
  const { workerId } = worker
  await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
  await owner.as.mutation(api.chat.startSession, { workerId, when: 'later' })
  await backend.t.run((ctx) =>
    ctx.db.insert('alerts', {
      ...{ rule: 'lost', isOpen: false, ordinal: 1, openedAt: Date.now(), resolvedAt: Date.now() },
      evidence: { rule: 'lost', lost: 1, of: 2, threshold: 20 },
    }),
  )
  const left = async () => ({
    events: (await readEvents(backend.t, worker)).length,
    chats: (await owner.as.query(api.chat.listSessions, { workerId })).length,
    alerts: (await backend.t.run((ctx) => ctx.db.query('alerts').take(9))).length,
  })
  vi.setSystemTime(Date.now() + 3 * DAY)
  await applyRetention()
  expect(await left()).toEqual({ events: 2, chats: 1, alerts: 1 })
  await backend.t.mutation(internal.settings.update, { eventRetentionMs: 2 * DAY })
  await applyRetention()
  expect(await left()).toEqual({ events: 1, chats: 1, alerts: 1 })
  await backend.t.mutation(internal.settings.update, { chatRetentionMs: 2 * DAY })
  await applyRetention()
  expect(await left()).toEqual({ events: 1, chats: 0, alerts: 1 })
  await backend.t.mutation(internal.settings.update, { alertRetentionMs: 2 * DAY })
  await applyRetention()
  expect(await left()).toEqual({ events: 1, chats: 0, alerts: 0 })
})

it('a chat that is being answered stays, and does not keep older and newer ones', async () => {
  vi.setSystemTime(20_000 * DAY)
  const { owner, worker, credentials } = await onlineWorker(backend.t)
  const { workerId } = worker
  const answered = await owner.as.mutation(api.chat.startSession, { workerId })
  await owner.as.mutation(api.chat.sendMessage, { sessionId: answered, text: 'hello' })
  const [queued] = await backend.t.query(api.answers.queued, { credentials })
  if (!queued) throw new Error('queued')
  await backend.t.mutation(api.answers.claim, { credentials, messageId: queued.messageId })
  await backend.t.run(async (ctx) => {
    const { _id, _creationTime, ...chat } = (await ctx.db.get('sessions', answered)) ?? {}
    // More of them than are looked at in a step, all of one moment.
    for (let i = 0; i < 30; i++) await ctx.db.insert('sessions', { ...(chat as Doc<'sessions'>) })
    for (const ago of [DAY, -DAY]) {
      const idle = { progress: undefined, lastMessageAt: Date.now() - ago }
      await ctx.db.insert('sessions', { ...(chat as Doc<'sessions'>), ...idle })
    }
  })
  // Nothing but time passes: a sweep would end the answer.
  vi.setSystemTime(Date.now() + chatRetentionMs + 2 * DAY)
  await backend.t.mutation(internal.cleanupTasks.deleteOldChats, { before: Date.now() - chatRetentionMs })
  for (let step = 0; step < 20; step++) {
    vi.advanceTimersByTime(0)
    await backend.t.finishInProgressScheduledFunctions()
  }
  const left = await backend.t.run((ctx) => ctx.db.query('sessions').take(99))
  expect(left).toHaveLength(31)
  expect(left.every(({ progress }) => progress === 'running')).toBe(true)
})
