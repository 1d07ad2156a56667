import { expect, test } from 'vitest'
import type { RollOfStatuses } from '../src/fleet/changeWords'
import { crashWords } from '../src/notices/crashWords'
import type { StatusWord } from '../src/presence/marks'

function roll(statuses: Record<string, StatusWord>, unstable: string[] = []): RollOfStatuses {
  const entries = Object.entries(statuses)
  return new Map(entries.map(([name, word]) => [name, { name, word, isUnstable: unstable.includes(name) }]))
}

test('who has crashed since, by name or by number', () => {
  const before = roll({ api: 'ready', docs: 'busy', web: 'ready' })
  expect(crashWords(before, roll({ api: 'crashed', docs: 'busy', web: 'lost' }))).toBe('api crashed')
  expect(crashWords(before, roll({ api: 'crashed', docs: 'crashed', web: 'ready' }))).toBe(
    '2 workers crashed',
  )
})

test('not who had crashed before, nor who is new, nor what else happens', () => {
  const before = roll({ api: 'crashed', docs: 'ready' })
  expect(crashWords(before, roll({ api: 'crashed', docs: 'hung', web: 'crashed' }))).toBeUndefined()
})

test('that one keeps crashing is told once', () => {
  const crashing = roll({ api: 'crashed' }, ['api'])
  expect(crashWords(roll({ api: 'ready' }), crashing)).toBe('api keeps crashing')
  expect(crashWords(roll({ api: 'unstable' }, ['api']), crashing)).toBeUndefined()
  expect(crashWords(crashing, roll({ api: 'unstable' }, ['api']))).toBeUndefined()
})
