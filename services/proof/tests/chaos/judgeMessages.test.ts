import { expect, it } from 'vitest'
import { judgeMessage, type AskedMessage, type Sight } from '../../src/chaos/oracle/judgeMessages'

const expected = 'word1 word2 word3'

function asked(sights: [Sight['status'], string][], more: Partial<AskedMessage> = {}): AskedMessage {
  const answer = { cause: undefined, sights: sights.map(([status, text], at) => ({ at, status, text })) }
  return { ...{ id: 'm1', expected, sentAt: 0, prompts: 1, answers: [answer], wasLeftAlone: false }, ...more }
}

const wrong = (message: AskedMessage, isOver = true) =>
  judgeMessage('w', message, { now: 1, isOver }).map(({ text }) =>
    text.replace('the answer to message m1 ', ''),
  )

it('an answer that comes once and whole is right, and so is a part of it that was cut short', () => {
  expect(
    wrong(
      asked([
        ['queued', ''],
        ['claimed', ''],
        ['streaming', 'word1'],
        ['completed', expected],
      ]),
    ),
  ).toEqual([])
  expect(
    wrong(
      asked([
        ['streaming', 'word1'],
        ['interrupted', 'word1 word2'],
      ]),
    ),
  ).toEqual([])
})

it.each<[string, AskedMessage]>([
  ['has 0 answers', asked([], { answers: [] })],
  ['has 2 answers', asked([], { answers: [...asked([]).answers, ...asked([]).answers] })],
  ['was given to the model 2 times', asked([['completed', expected]], { prompts: 2 })],
  [
    'went from streaming to queued',
    asked([
      ['streaming', 'word1'],
      ['queued', 'word1'],
      ['interrupted', 'word1'],
    ]),
  ],
  [
    'was interrupted, and then completed',
    asked([
      ['interrupted', expected],
      ['completed', expected],
    ]),
  ],
  [
    'has lost text that was shown',
    asked([
      ['streaming', 'word1 word2'],
      ['interrupted', 'word1'],
    ]),
  ],
  ['is completed, but not whole', asked([['completed', 'word1']])],
  ['is still streaming', asked([['streaming', 'word1']])],
  [
    'failed although nothing was done to its worker: no cause',
    asked([['failed', '']], { wasLeftAlone: true }),
  ],
])('%s', (text, message) => {
  expect(wrong(message)).toEqual([text])
})

it('text that the model did not say, or said twice, is wrong', () => {
  expect(wrong(asked([['completed', 'word1word1 word2 word3']]))[0]).toMatch(/^says/)
})

it('what is not over may still come', () => {
  expect(wrong(asked([['queued', '']]), false)).toEqual([])
  expect(wrong(asked([], { answers: [] }), false)).toEqual([])
})
