import type { Violation } from './history'

export type AnswerStatus = 'queued' | 'claimed' | 'streaming' | 'completed' | 'failed' | 'interrupted'

/** An answer as the page's query showed it once, the newest last. */
export interface Sight {
  at: number
  status: AnswerStatus
  text: string
}

/** A message that the backend had taken, and what became of it. */
export interface AskedMessage {
  id: string
  /** All of what its model says to it. */
  expected: string
  sentAt: number
  /** How often a model was asked for it; undefined where that is not counted. */
  prompts: number | undefined
  /** Every answer to it. */
  answers: readonly { sights: readonly Sight[]; cause: string | undefined }[]
  /** Nothing was done to its worker between its sending and its end. */
  wasLeftAlone: boolean
}

const order: Record<AnswerStatus, number> = {
  queued: 0,
  claimed: 1,
  streaming: 2,
  completed: 3,
  failed: 3,
  interrupted: 3,
}

export function isFinal(status: AnswerStatus): boolean {
  return order[status] === 3
}

/** What is wrong with what became of a message; with `isOver`, everything must have come to an end. Pure. */
export function judgeMessage(
  worker: string,
  { id, expected, prompts, answers, wasLeftAlone }: AskedMessage,
  { now, isOver }: { now: number; isOver: boolean },
): Violation[] {
  const wrong: string[] = []
  if (answers.length > 1 || (isOver && answers.length === 0)) wrong.push(`has ${answers.length} answers`)
  if (prompts !== undefined && prompts > 1) wrong.push(`was given to the model ${prompts} times`)
  for (const { sights, cause } of answers) {
    for (const [index, { status, text }] of sights.entries()) {
      const before = sights[index - 1]
      if (before && order[status] < order[before.status])
        wrong.push(`went from ${before.status} to ${status}`)
      if (before && isFinal(before.status) && status !== before.status)
        wrong.push(`was ${before.status}, and then ${status}`)
      if (before && !text.startsWith(before.text)) wrong.push('has lost text that was shown')
    }
    const last = sights.at(-1)
    if (!last) continue
    if (!expected.startsWith(last.text))
      wrong.push(`says “${last.text.slice(0, 200)}”, not “${expected.slice(0, 200)}”`)
    else if (last.status === 'completed' && last.text !== expected) wrong.push('is completed, but not whole')
    if (isOver && !isFinal(last.status)) wrong.push(`is still ${last.status}`)
    if (wasLeftAlone && (last.status === 'failed' || last.status === 'interrupted'))
      wrong.push(`${last.status} although nothing was done to its worker: ${cause ?? 'no cause'}`)
  }
  return [...new Set(wrong)].map((text) => ({
    ...{ rule: 'message' as const, worker, at: now, text: `the answer to message ${id} ${text}` },
  }))
}
