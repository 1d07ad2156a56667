import { MINUTE, SECOND } from '@rollcall/backend/contract'
import { expect, test } from 'vitest'
import { sentenceText } from '../src/presence/Sentence'
import { describeDelivery } from '../src/webhooks/describeDelivery'
import { givenUpWords, shownDeliveries } from '../src/webhooks/webhookWords'
import type { Delivery } from '../src/webhooks/WebhookView'
import { NOON } from './aWorker'

function aDelivery(known: Partial<Delivery>): Delivery {
  return {
    ...{ id: 'd1' as Delivery['id'], news: 'opened', createdAt: NOON - MINUTE },
    ...{ state: 'waiting', attempts: 1, nextAttemptAt: NOON + 19 * SECOND },
    ...known,
  }
}

const delivered = aDelivery({ state: 'delivered', settledAt: NOON - 2 * MINUTE })
const refused = aDelivery({ error: 'It answered 500.' })
const failed = aDelivery({ state: 'failed', attempts: 12, error: 'It answered 500.' })

test.each([
  ['taken', delivered, '● green delivered 2 min ago: an alert'],
  ['under way', aDelivery({ news: 'test' }), '◐ grey sending a test'],
  ['refused once', refused, '▲ amber waiting an alert, tried once, next in 19 s: It answered 500.'],
  [
    'refused again',
    { ...refused, news: 'resolved', attempts: 3 } as const,
    '▲ amber waiting the end of an alert, tried 3 times, next in 19 s: It answered 500.',
  ],
  ['given up', failed, '▲ red given up an alert, after 12 attempts: It answered 500.'],
])('a message that is %s', (_what, delivery, words) => {
  const { shape, tone, word, sentence } = describeDelivery(delivery)
  expect(`${shape} ${tone} ${word} ${sentenceText(sentence, NOON)}`).toBe(words)
})

test('shown are the last message and those that were not taken before it', () => {
  expect(shownDeliveries([])).toEqual([])
  expect(shownDeliveries([delivered, delivered, failed, refused])).toEqual([delivered, failed, refused])
})

test('that messages were given up is said with who did not take them, each once', () => {
  const a = { host: 'a.example.com', deliveries: [delivered, failed] }
  const b = { host: 'b.example.com', deliveries: [failed, failed] }
  expect(givenUpWords([{ ...a, deliveries: [delivered, refused] }])).toBeUndefined()
  expect(givenUpWords([a])).toBe('A message was given up: a.example.com did not take it.')
  expect(givenUpWords([a, b])).toBe(
    '3 messages were given up: a.example.com, b.example.com did not take them.',
  )
})
