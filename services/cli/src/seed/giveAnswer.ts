import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { conversations, otherwise } from './conversations'
import type { Credentials } from './Following'
import type { PublicCalls } from '../backend/PublicCalls'

/** Characters that appear at a time. */
const PIECE = 48
/** Paid for a thousand characters of an answer; about what a large model costs. */
const USD_PER_THOUSAND = 0.02

interface AnswerTask {
  calls: PublicCalls
  credentials: Credentials
  messageId: Id<'messages'>
  /** Between two pieces, in milliseconds. */
  paceMs: number
  /** Ends the answer where it is. Its reason's message is told to the person. */
  end: AbortSignal
}

/** Claims an answer and gives it piece by piece. Answers at once if somebody else has it. Throws as `PublicCalls`. */
export async function giveAnswer({ calls, credentials, messageId, paceMs, end }: AnswerTask): Promise<void> {
  const claimed = await calls.mutation(api.answers.claim, { credentials, messageId })
  if (claimed.kind === 'taken') return
  const { parts, answer } = conversations.find(({ prompt }) => prompt === claimed.prompt) ?? otherwise
  const mine = { credentials, messageId }
  const opencodeSessionId = claimed.opencodeSessionId ?? `ses_${randomUUID()}`
  await calls.mutation(api.answers.linkSession, { ...mine, opencodeSessionId })
  try {
    for (const [place, what] of parts.entries()) {
      await calls.mutation(api.answers.putParts, { ...mine, parts: [{ key: `part-${place}`, at: 0, what }] })
      await delay(paceMs, undefined, { signal: end })
    }
    for (let index = 0; index * PIECE < answer.length; index++) {
      const text = answer.slice(index * PIECE, (index + 1) * PIECE)
      await calls.mutation(api.answers.append, { ...mine, index, text })
      await delay(paceMs, undefined, { signal: end })
    }
  } catch (error: unknown) {
    if (!end.aborted) throw error
    const cause = end.reason instanceof Error ? end.reason.message : 'It was ended.'
    await calls.mutation(api.answers.interrupt, { ...mine, cause })
    return
  }
  const outputTokens = Math.ceil(answer.length / 4)
  const usage = {
    ...{ usd: (answer.length / 1_000) * USD_PER_THOUSAND, inputTokens: 9 * outputTokens, outputTokens },
    ...{ reasoningTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  }
  await calls.mutation(api.answers.complete, { ...mine, usage })
}
