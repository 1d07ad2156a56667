import { expect, test } from 'vitest'
import { orderName, waitingWords, warningFor, type Order } from '../src/worker/orderWords'

test.each<[Order['kind'], Order['when'], number, string]>([
  ['stop', 'now', 0, 'Nothing is being answered. Start it again on its machine.'],
  [
    'stop',
    'now',
    2,
    '2 chats are being answered; they are interrupted, what was written is kept. Start it again on its machine.',
  ],
  [
    'restart',
    'now',
    1,
    '1 chat is being answered; it is interrupted, what was written is kept. It comes back by itself.',
  ],
  [
    'restart',
    'idle',
    2,
    '2 chats are being answered; it restarts when they are done. It comes back by itself.',
  ],
])('%s %s while %d are answered', (kind, when, running, words) => {
  expect(warningFor({ kind, when }, running)).toBe(words)
})

test('the buttons', () => {
  expect(orderName({ kind: 'stop', when: 'idle' })).toEqual({ action: 'Stop', confirm: 'Stop when done' })
  expect(orderName({ kind: 'restart', when: 'now' })).toEqual({ action: 'Restart', confirm: 'Restart now' })
})

test.each([
  [2, 'Stops when its 2 answers are done, asked by ada@example.com'],
  [1, 'Stops when its answer is done, asked by ada@example.com'],
  [0, 'Stops now, asked by ada@example.com'],
])('an order that waits for %d answers', (running, words) => {
  expect(waitingWords({ kind: 'stop', when: 'idle', by: 'ada@example.com' }, running)).toBe(words)
})
