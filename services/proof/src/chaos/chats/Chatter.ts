import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import type { FunctionReturnType } from 'convex/server'
import { readFileSync } from 'node:fs'
import type { Fleet } from '../fleet/Fleet'
import type { Slot, SlotWorker } from '../fleet/Slot'
import type { Violation } from '../oracle/history'
import { isFinal, judgeMessage, type Sight } from '../oracle/judgeMessages'
import { touches } from '../oracle/Spans'
import type { PlannedChat } from '../schedule/Schedule'

type Messages = FunctionReturnType<typeof api.chat.listMessages>['page']

/** A worker that was ready so long before it was asked something, and was left alone since then, has to answer. Milliseconds. */
const SETTLED_MS = 3_000

interface Asked {
  id: string
  text: string
  expected: string
  sentAt: number
  wasReady: boolean
}

interface Chat {
  slot: Slot
  worker: SlotWorker
  sessionId: Id<'sessions'>
  asked: Map<string, Asked>
  answers: Map<string, { of: string; sights: Sight[]; cause: string | undefined }>
  /** The outcome of something that was sent is not known: what is there cannot be counted. */
  isUncertain: boolean
}

/** People who chat with the fleet, and remember what they were shown. */
export class Chatter {
  private readonly chats: Chat[] = []
  private sent = 0

  constructor(private readonly fleet: Fleet) {}

  get asked(): number {
    return this.chats.reduce((sum, { asked }) => sum + asked.size, 0)
  }

  /** Sends a message, to be answered whenever its worker is there. Whoever may not, or cannot, does not. Never rejects. */
  async say({ slot: index, words, isNew }: PlannedChat): Promise<void> {
    const slot = this.fleet.slots[index]
    if (!slot) return
    const { worker } = slot
    const latest = this.chats.findLast((chat) => chat.worker === worker && !chat.isUncertain)
    const { client } = worker.rolled.owner
    const chat = isNew || !latest ? await this.begin(slot) : latest
    if (!chat) return
    this.sent += 1
    const id = `m${this.sent}`
    const text = slot.isReal ? `words: ${words}\n${id}` : `say: ${words} ${id}`
    const expected = Array.from({ length: words }, (_, word) => `word${word + 1}`).join(' ')
    const phase = worker.history.claims.at(-1)?.phase
    const wasReady = phase === 'ready' || phase === 'busy'
    try {
      const sentAt = performance.now()
      const messageId = await client.mutation(api.chat.sendMessage, {
        ...{ sessionId: chat.sessionId, text, when: 'later' },
      })
      chat.asked.set(messageId, { id, text, expected, sentAt, wasReady })
    } catch {
      chat.isUncertain = true
    }
  }

  /** What is wrong with the answers so far; `isOver`: all must have ended. */
  violations(isOver: boolean): Violation[] {
    const now = performance.now()
    const prompts = new Map(this.fleet.slots.map((slot) => [slot, promptsOf(slot)]))
    return this.chats.flatMap((chat) =>
      [...chat.asked].flatMap(([messageId, asked]) => {
        const answers = [...chat.answers.values()].filter(({ of }) => of === messageId)
        const counted = chat.slot.isReal ? undefined : (prompts.get(chat.slot)?.get(asked.text) ?? 0)
        const endedAt = answers[0]?.sights.at(-1)?.at ?? now
        const message = {
          ...{ id: asked.id, expected: asked.expected, sentAt: asked.sentAt, prompts: counted, answers },
          wasLeftAlone: asked.wasReady && this.wasLeftAlone(chat, asked.sentAt - SETTLED_MS, endedAt),
        }
        return judgeMessage(chat.worker.history.name, message, { now, isOver: isOver && !chat.isUncertain })
      }),
    )
  }

  /** Answers that have not ended. */
  get open(): number {
    return this.chats.reduce((sum, { asked, answers, isUncertain }) => {
      if (isUncertain) return sum
      const ended = [...answers.values()].filter(({ sights }) => isFinal(sights.at(-1)?.status ?? 'queued'))
      return sum + Math.max(0, asked.size - ended.length)
    }, 0)
  }

  private async begin(slot: Slot): Promise<Chat | undefined> {
    const { worker } = slot
    const { owner, workerId } = worker.rolled
    try {
      const sessionId = await owner.client.mutation(api.chat.startSession, {
        ...{ workerId, when: 'later' as const, ...(slot.isReal && { model: 'scripted/slow' }) },
      })
      const chat = { slot, worker, sessionId, asked: new Map(), answers: new Map(), isUncertain: false }
      this.chats.push(chat)
      this.follow(chat)
      return chat
    } catch {
      return undefined
    }
  }

  private follow(chat: Chat): void {
    const { sessionId, worker } = chat
    const page = this.fleet.pages[this.fleet.roll.owners.indexOf(worker.rolled.owner)]
    const newest = { sessionId, paginationOpts: { numItems: 100, cursor: null } }
    page?.client.onUpdate(api.chat.listMessages, newest, (shown) => this.note(chat, shown.page))
  }

  /** An answer follows what it answers. */
  private note(chat: Chat, newestFirst: Messages): void {
    let question: string | undefined
    for (const { id, role, status, text, cause } of [...newestFirst].reverse()) {
      if (role === 'user') question = id
      if (role !== 'assistant' || question === undefined) continue
      const known = chat.answers.get(id) ?? { of: question, sights: [], cause: undefined }
      chat.answers.set(id, known)
      const last = known.sights.at(-1)
      known.cause = cause
      if (last?.status !== status || last.text !== text)
        known.sights.push({ at: performance.now(), status, text })
    }
  }

  private wasLeftAlone({ slot, worker }: Chat, from: number, to: number): boolean {
    return (
      !touches(slot.troubles, from, to) &&
      !touches(this.fleet.backendSpans, from, to) &&
      worker.history.revokedAt === undefined
    )
  }
}

/** How often each was given to the slot's model. */
function promptsOf({ promptsFile }: Slot): Map<string, number> {
  const counts = new Map<string, number>()
  let lines: string
  try {
    lines = readFileSync(promptsFile, 'utf8')
  } catch {
    return counts
  }
  for (const line of lines.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}
