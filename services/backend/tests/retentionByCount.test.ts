import { describe, expect, it, vi } from 'vitest'
import { DAY, SECOND, limits } from '../contract'
import { api, internal } from '../convex/_generated/api'
import type { Doc, Id } from '../convex/_generated/dataModel'
import { readCounts } from '../convex/model/metricsTally'
import { deleteExcess } from '../convex/model/retentionByCount'
import { expectRefusal, makeFleet, onlineWorker, passTime, readEvents, useBackend } from './setup'

const backend = useBackend()

const applyRetention = async (seconds = 60) => {
  await backend.t.mutation(internal.cleanupTasks.applyRetention, {})
  await passTime(backend.t, seconds * SECOND)
}

describe('transitions', () => {
  /** As if the worker had had so many incarnations, each of which came online and went. */
  const liveOften = (workerId: Id<'workers'>, epoch: number, events: readonly number[]) =>
    backend.t.run(async (ctx) => {
      const [known] = await ctx.db
        .query('workerEvents')
        .withIndex('by_worker', (q) => q.eq('workerId', workerId))
        .take(1)
      if (!known) throw new Error('online')
      const { _id, _creationTime, ...event } = known
      for (const [i, of] of events.entries()) {
        const at = event.at - DAY + i
        await ctx.db.insert('workerEvents', { ...event, epoch: of, at })
      }
      await ctx.db.patch('workers', workerId, { epoch })
      return _id
    })

  it('of its last incarnations are kept of each worker, however many workers there are; so is its uptime', async () => {
    const fleet = await makeFleet(backend.t, 12)
    const [first, last] = [fleet[0], fleet[11]]
    if (!first || !last) throw new Error('twelve')
    const upTo = 110
    const epoch = limits.incarnationsPerWorker + upTo
    const epochs = Array.from({ length: 260 }, (_, i) => Math.floor(i / 2) + 1)
    const present = await liveOften(last.worker.workerId, epoch, epochs)
    await backend.t.run((ctx) => ctx.db.patch('workerEvents', present, { epoch }))
    // Registered that often without being let in: its last transition is the evidence of its status.
    await liveOften(first.worker.workerId, epoch, [])
    const days = () => backend.t.run((ctx) => ctx.db.query('uptimeDays').take(100))
    const before = await days()
    await applyRetention()
    const kept = (await readEvents(backend.t, last.worker)).map((event) => event.epoch)
    expect(kept).toEqual([...epochs.filter((of) => of > upTo), epoch])
    for (const { worker } of fleet.slice(0, 11)) expect(await readEvents(backend.t, worker)).toHaveLength(1)
    expect(await days()).toEqual(before)
  })

  it('cost a worker that has not too many of them one read and no step, and one with few incarnations none', async () => {
    const { worker } = await onlineWorker(backend.t)
    const { workerId } = worker
    await backend.t.run(async (ctx) => {
      for (const { _id } of await ctx.db.query('workerEvents').take(9)) {
        await ctx.db.patch('workerEvents', _id, { epoch: limits.incarnationsPerWorker })
      }
    })
    const costAt = async (epoch: number) => {
      await backend.t.run((ctx) => ctx.db.patch('workers', workerId, { epoch }))
      return await backend.t.mutation(async (ctx) => {
        await deleteExcess(ctx, null)
        const { documentsRead, functionsScheduled } = await ctx.meta.getTransactionMetrics()
        return { read: documentsRead.used, scheduled: functionsScheduled.used }
      })
    }
    const few = await costAt(limits.incarnationsPerWorker)
    expect(few.scheduled).toBe(0)
    expect(await costAt(limits.incarnationsPerWorker + 1)).toEqual({ read: few.read + 1, scheduled: 0 })
  })
})

describe('chats', () => {
  it('are kept that had the latest words in them, so many of each worker, and one that is being answered', async () => {
    vi.setSystemTime(20_000 * DAY)
    const { owner, worker } = await onlineWorker(backend.t)
    const [elsewhere] = await makeFleet(backend.t, 1)
    if (!elsewhere) throw new Error('one')
    const chat = { userId: owner.userId, title: 'Chat', status: 'active' as const }
    const seed = (workerId: Id<'workers'>, from: number, to: number) =>
      backend.t.run(async (ctx) => {
        for (let said = from; said < to; said++) {
          const progress = said === 1 ? ('running' as const) : undefined
          const lastMessageAt = Date.now() - DAY + said
          const sessionId = await ctx.db.insert('sessions', { ...chat, workerId, lastMessageAt, progress })
          if (said > 9) continue
          const message = { sessionId, workerId, role: 'user' as const, status: 'completed' as const }
          for (let i = 0; i < 12; i++) await ctx.db.insert('messages', { ...message, text: 'hello' })
        }
      })
    await seed(worker.workerId, 0, 500)
    await seed(worker.workerId, 500, limits.chatsPerWorker + 4)
    await seed(elsewhere.worker.workerId, 0, 5)
    await applyRetention()
    const chatsOf = (workerId: Id<'workers'>) =>
      backend.t.run((ctx) =>
        ctx.db
          .query('sessions')
          .withIndex('by_worker_and_last_message', (q) => q.eq('workerId', workerId))
          .take(2_000),
      )
    const kept = (await chatsOf(worker.workerId)).map(({ lastMessageAt }) => lastMessageAt)
    expect(kept).toHaveLength(limits.chatsPerWorker + 1)
    const [running = 0, oldest = 0] = kept
    expect(oldest - running).toBe(3)
    expect(await chatsOf(elsewhere.worker.workerId)).toHaveLength(5)
    const messages = await backend.t.run((ctx) => ctx.db.query('messages').take(999))
    // Nine of the worker's had some, three of them are gone; all five of the other one's.
    expect(messages).toHaveLength(12 * (10 - 3 + 5))
    const { 'sessions.active': active } = await backend.t.run((ctx) => readCounts(ctx))
    expect(active).toBe(-3)
  })
})

describe('messages', () => {
  type Chat = Awaited<ReturnType<typeof onlineWorker>> & { sessionId: Id<'sessions'> }

  /** A chat that has room for `room` more messages, as far as it was counted, with as many exchanges at its beginning. */
  async function longChat(exchanges: number, room: number): Promise<Chat> {
    const online = await onlineWorker(backend.t)
    const { workerId } = online.worker
    const sessionId = await online.owner.as.mutation(api.chat.startSession, { workerId })
    const chat = { ...online, sessionId }
    for (let i = 0; i < exchanges; i++) await finish(chat, await ask(chat, `question ${i}`))
    await backend.t.run((ctx) => ctx.db.patch('sessions', sessionId, { said: limits.messagesPerChat - room }))
    return chat
  }
  /** The worker gives its answer, with a part and a request of it. */
  async function ask({ owner, credentials, sessionId }: Chat, text: string) {
    await owner.as.mutation(api.chat.sendMessage, { sessionId, text })
    const [queued] = await backend.t.query(api.answers.queued, { credentials })
    if (!queued) throw new Error('queued')
    const { messageId } = queued
    await backend.t.mutation(api.answers.claim, { credentials, messageId })
    const what = { kind: 'reasoning' as const, status: 'completed' as const, text: 'hm' }
    const parts = [{ key: 'r', at: 0, what }]
    await backend.t.mutation(api.answers.putParts, { credentials, messageId, parts })
    const permission = { kind: 'permission' as const, permission: 'bash', patterns: ['ls'] }
    await backend.t.mutation(api.requests.raise, { credentials, messageId, key: 'p', what: permission })
    return messageId
  }

  const finish = ({ credentials }: Pick<Chat, 'credentials'>, messageId: Id<'messages'>) =>
    backend.t.mutation(api.answers.complete, { credentials, messageId })

  const read = ({ sessionId }: Chat) =>
    backend.t.run(async (ctx) => {
      const ofChat = (one: { sessionId: Id<'sessions'> }) => one.sessionId === sessionId
      const messages: Doc<'messages'>[] = (await ctx.db.query('messages').take(999)).filter(ofChat)
      return {
        ordinals: messages.map(({ ordinal }) => ordinal),
        parts: (await ctx.db.query('parts').take(999)).length,
        requests: (await ctx.db.query('requests').take(999)).length,
      }
    })

  it('that are the oldest go with what belongs to them as soon as there are too many', async () => {
    const chat = await longChat(4, 2)
    await finish(chat, await ask(chat, 'the last that fits'))
    await passTime(backend.t, 5 * SECOND)
    const most = limits.messagesPerChat
    expect(await read(chat)).toEqual({
      ...{ ordinals: [1, 2, 3, 4, 5, 6, 7, 8, most - 1, most], parts: 5, requests: 5 },
    })
    await finish(chat, await ask(chat, 'one more'))
    await passTime(backend.t, 5 * SECOND)
    expect(await read(chat)).toEqual({
      ...{ ordinals: [3, 4, 5, 6, 7, 8, most - 1, most, most + 1, most + 2], parts: 5, requests: 5 },
    })
  })

  it('from before they were counted are the oldest, and go in steps', async () => {
    const chat = await longChat(15, 0)
    await backend.t.run(async (ctx) => {
      for (const { _id } of await ctx.db.query('messages').take(28)) {
        await ctx.db.patch('messages', _id, { ordinal: undefined })
      }
    })
    await finish(chat, await ask(chat, 'one more'))
    await passTime(backend.t, 10 * SECOND)
    const most = limits.messagesPerChat
    expect(await read(chat)).toEqual({ ordinals: [29, 30, most + 1, most + 2], parts: 2, requests: 2 })
  })

  it('that a running answer is about stay, and so does the answer, until more is said after it', async () => {
    const chat = await longChat(2, 0)
    const running = await ask(chat, 'takes long')
    const { owner, sessionId } = chat
    await backend.t.run((ctx) => ctx.db.patch('sessions', sessionId, { said: 2 * limits.messagesPerChat }))
    await owner.as.mutation(api.chat.sendMessage, { sessionId, text: 'and this?' })
    await passTime(backend.t, 5 * SECOND)
    const most = limits.messagesPerChat
    expect((await read(chat)).ordinals).toEqual([most + 1, most + 2, 2 * most + 1, 2 * most + 2])
    await finish(chat, running)
    await finish(chat, await ask(chat, 'and that?'))
    await passTime(backend.t, 5 * SECOND)
    const left = (await read(chat)).ordinals
    expect(left).not.toContain(most + 2)
    expect(left).toContain(2 * most + 1)
  })

  it('cannot be asked again once they are gone', async () => {
    const chat = await longChat(0, 0)
    const { owner, credentials } = chat
    const messageId = await ask(chat, 'hello')
    await backend.t.mutation(api.answers.fail, { credentials, messageId, cause: 'no model' })
    await backend.t.run(async (ctx) => {
      const answer = await ctx.db.get('messages', messageId)
      if (answer?.answers) await ctx.db.delete('messages', answer.answers)
    })
    await expectRefusal(owner.as.mutation(api.chat.retry, { messageId }), 'RETRY_OUT_OF_DATE')
  })
})
