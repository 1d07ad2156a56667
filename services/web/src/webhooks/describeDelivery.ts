import type { AlertNews } from '@rollcall/backend/contract'
import { marks, type Mark } from '../presence/marks'
import type { Sentence } from '../presence/Sentence'
import type { Delivery } from './WebhookView'

export interface DeliveryDescription extends Mark {
  word: string
  sentence: Sentence
}

const subjects: Record<AlertNews, string> = {
  opened: 'an alert',
  resolved: 'the end of an alert',
  test: 'a test',
}

/** Whether a receiver was told, in shape, word, colour and sentence. */
export function describeDelivery(delivery: Delivery): DeliveryDescription {
  const { state, news, attempts, nextAttemptAt, settledAt, createdAt, error } = delivery
  const subject = subjects[news]
  switch (state) {
    case 'delivered':
      return {
        ...{ shape: '●', tone: 'green', word: 'delivered' },
        sentence: [{ kind: 'point', at: settledAt ?? createdAt }, `: ${subject}`],
      }
    case 'waiting':
      // Before its first attempt has failed, nothing is wrong.
      if (error === undefined) return { ...marks.starting, word: 'sending', sentence: [subject] }
      return {
        ...{ shape: '▲', tone: 'amber', word: 'waiting' },
        sentence: [
          `${subject}, tried ${attempts === 1 ? 'once' : `${attempts} times`}`,
          ...(nextAttemptAt === undefined ? [] : [', next ', { kind: 'in', at: nextAttemptAt } as const]),
          `: ${error}`,
        ],
      }
    case 'failed':
      return {
        ...{ shape: '▲', tone: 'red', word: 'given up' },
        sentence: [`${subject}, after ${attempts} attempts: ${error ?? ''}`],
      }
    default:
      return state satisfies never
  }
}
