import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChangeCollector, COLLECTED_FOR } from '../src/fleet/ChangeCollector'
import { changeWords, type RollOfStatuses } from '../src/fleet/changeWords'
import type { StatusWord } from '../src/presence/marks'

let told: string[]
let collector: ChangeCollector

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  collector = new ChangeCollector((words) => words !== '' && told.push(words), changeWords)
})
afterEach(() => {
  vi.useRealTimers()
})

/** The workers by name; what is not given is as at first: all of them ready. */
function see(changes: Record<string, StatusWord> = {}, names = ['api', 'docs', 'nightly', 'web']): void {
  const roll: RollOfStatuses = new Map(
    names.map((name) => [name, { name, word: changes[name] ?? 'ready', isUnstable: false }]),
  )
  collector.see(roll)
}

const wait = () => vi.advanceTimersByTime(COLLECTED_FOR)

test('what was there at first is no news', () => {
  see({ api: 'crashed' })
  wait()
  expect(told).toEqual([])
})

test('quiet → collecting → quiet: one change is told once, after a while', () => {
  see()
  see({ api: 'crashed' })
  vi.advanceTimersByTime(COLLECTED_FOR - 1)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual(['api crashed'])
  see({ api: 'crashed' })
  wait()
  expect(told).toEqual(['api crashed'])
})

test('several are one sentence, trouble first; later ones do not put it off', () => {
  see()
  see({ web: 'offline' })
  vi.advanceTimersByTime(COLLECTED_FOR / 2)
  see({ web: 'offline', api: 'lost' })
  vi.advanceTimersByTime(COLLECTED_FOR / 2 - 1)
  see({ web: 'offline', api: 'lost', docs: 'lost' })
  vi.advanceTimersByTime(1)
  expect(told).toEqual(['3 workers changed: 2 lost, 1 offline'])
})

test('what has changed back is no news, nor is work, nor who is new or removed', () => {
  see()
  see({ api: 'hung' })
  see()
  wait()
  see({ docs: 'busy' })
  wait()
  see({ extra: 'waiting' }, ['api', 'docs', 'extra'])
  wait()
  expect(told).toEqual([])
  see({ extra: 'offline' }, ['api', 'docs', 'extra'])
  wait()
  expect(told).toEqual(['extra offline'])
})

test('hold: nothing is told while nothing is certain; afterwards what is still so', () => {
  see()
  see({ api: 'crashed', docs: 'lost' })
  collector.hold()
  wait()
  expect(told).toEqual([])
  see({ api: 'crashed' })
  wait()
  expect(told).toEqual(['api crashed'])
})

test('the same words a second time follow a silence', () => {
  const all: string[] = []
  collector = new ChangeCollector((words) => all.push(words), changeWords)
  see({ api: 'offline', docs: 'offline' })
  see({ docs: 'offline', api: 'ready' })
  wait()
  see({ docs: 'offline', api: 'offline' })
  wait()
  see({ docs: 'offline', api: 'ready' })
  wait()
  expect(all).toEqual(['', 'api ready', '', 'api offline', '', 'api ready'])
})
