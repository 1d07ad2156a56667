import fc from 'fast-check'
import { convexTest } from 'convex-test'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MINUTE } from '../contract'
import { api } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import schema from '../convex/schema'
import { modules, onlineWorker, register, type Backend } from './setup'

const MESSAGES = 50
const PER_CHAT = 10

beforeEach(() => void vi.useFakeTimers({ now: 1_000 * MINUTE }))
afterEach(() => void vi.useRealTimers())

type Credentials = Awaited<ReturnType<typeof register>>

/** A process of the worker: what it does is refused, without an end, once another one has taken over. */
class Process {
  readonly running = new Set<Id<'messages'>>()
  /** What it was told that it had claimed, and that it had completed. */
  readonly claimed: string[] = []
  readonly completed: string[] = []
  private readonly seen = new Set<Id<'messages'>>()

  constructor(
    private readonly t: Backend,
    private readonly credentials: Credentials,
  ) {}

  /** Claims everything that it is or ever was offered: its subscription may be late. Answers whether there is something now. */
  async claimAll(): Promise<boolean> {
    const queued = await this.offered()
    for (const { messageId } of queued) this.seen.add(messageId)
    for (const messageId of this.seen) {
      const claim = await this.t
        .mutation(api.answers.claim, { credentials: this.credentials, messageId })
        .catch(() => undefined)
      if (claim?.kind !== 'claimed') continue
      this.running.add(messageId)
      this.claimed.push(messageId)
    }
    return queued.length > 0
  }

  async completeOne(): Promise<void> {
    const [messageId] = this.running
    if (messageId === undefined) return
    this.running.delete(messageId)
    const done = await this.t
      .mutation(api.answers.complete, { credentials: this.credentials, messageId })
      .then(
        () => true,
        () => false,
      )
    if (done) this.completed.push(messageId)
  }

  private offered() {
    return this.t.query(api.answers.queued, { credentials: this.credentials }).catch(() => [])
  }
}

it('answers each of 50 messages once, whenever another process takes over and however the two are mixed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('old', 'new'), { minLength: 60, maxLength: 120 }),
      fc.integer({ min: 0, max: 60 }),
      async (turns, takeover) => {
        const t = convexTest({ schema, modules, transactionLimits: true })
        const { owner, worker, credentials } = await onlineWorker(t)
        for (let chat = 0; chat < MESSAGES / PER_CHAT; chat++) {
          const { workerId } = worker
          await t.mutation(api.workers.heartbeat, { credentials, seq: chat + 1 })
          const sessionId = await owner.as.mutation(api.chat.startSession, { workerId })
          for (let i = 0; i < PER_CHAT; i++) {
            vi.advanceTimersByTime(2_000)
            await owner.as.mutation(api.chat.sendMessage, { sessionId, text: `message ${i}` })
          }
        }
        const old = new Process(t, credentials)
        let next: Process | undefined
        for (const [turn, who] of turns.entries()) {
          if (turn === takeover) next = new Process(t, await register(t, worker))
          const process = who === 'new' ? next : old
          await process?.claimAll()
          await process?.completeOne()
        }
        next ??= new Process(t, await register(t, worker))
        while ((await next.claimAll()) || next.running.size > 0) await next.completeOne()

        const answers = (await t.run((ctx) => ctx.db.query('messages').take(3 * MESSAGES))).filter(
          ({ role }) => role === 'assistant',
        )
        const claimed = [...old.claimed, ...next.claimed]
        const completed = [...old.completed, ...next.completed]
        expect(new Set(claimed).size).toBe(claimed.length)
        expect(new Set(completed).size).toBe(completed.length)
        expect(answers).toHaveLength(MESSAGES)
        for (const { _id, status } of answers) {
          expect(status).toBe(completed.includes(_id) ? 'completed' : 'interrupted')
          if (status === 'interrupted') expect(old.claimed).toContain(_id)
        }
      },
    ),
    { numRuns: 4 },
  )
}, 60_000)
