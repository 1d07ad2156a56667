import { expect, test } from 'vitest'
import { rolloutWords, warningForAll } from '../src/machine/rolloutWords'

const restart = { kind: 'restart', when: 'now' } as const
const going = { command: restart, by: 'ada', workerId: 'w1' as never, waiting: 2, state: 'running' } as const

test('how far an order to all is, and where it halted', () => {
  expect(rolloutWords(going, 'api')).toBe('Restarting one by one: api now, 2 to go; asked by ada')
  expect(rolloutWords({ ...going, waiting: 0 }, 'api')).toBe('Restarting one by one: api now; asked by ada')
  expect(rolloutWords({ ...going, state: 'halted' }, 'api')).toBe(
    'Halted at api: it did not come back in time, 2 not told',
  )
  const stop = { ...going, command: { kind: 'stop', when: 'idle' }, state: 'halted', waiting: 0 } as const
  expect(rolloutWords(stop, 'api')).toBe('Halted at api: it did not stop in time')
})

test('what it does, before it is done', () => {
  expect(warningForAll({ command: restart, oneByOne: true }, 3, 0)).toBe(
    '3 workers, each when the one before is done. Nothing is being answered. They come back by themselves.',
  )
  expect(warningForAll({ command: { kind: 'stop', when: 'idle' }, oneByOne: false }, 1, 1)).toBe(
    '1 worker at once. 1 running answer is waited for. Start them again on their machine.',
  )
  expect(warningForAll({ command: restart, oneByOne: false }, 2, 4)).toContain(
    '4 running answers are interrupted, what was written is kept.',
  )
})
