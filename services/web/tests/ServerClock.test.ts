import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ServerClock } from '../src/connection/ServerClock'

const HOUR = 3_600_000
/** The server's time when a test begins; the viewer's clock is five hours ahead. */
const SERVER = 1_700_000_000_000

let clock: ServerClock
let start: number

beforeEach(() => {
  vi.useFakeTimers({ now: SERVER + 5 * HOUR })
  start = performance.now()
  clock = new ServerClock()
})
afterEach(() => {
  vi.useRealTimers()
})

/** What the clock shows, told apart from what was shown at its last tick. */
function shown(): number {
  return clock.at(performance.now())
}

/** The server's true time: it began with the test and goes on by itself. */
function truth(): number {
  return SERVER + performance.now() - start
}

test('a guess says that it is one; the first answer replaces it, though it lies behind', () => {
  expect(clock.current()).toEqual({ kind: 'guessed', now: SERVER + 5 * HOUR })
  clock.hear(SERVER, false)
  expect(clock.current()).toEqual({ kind: 'told', now: SERVER })
})

test('goes on by the monotonic clock, whatever the viewer does to theirs', () => {
  clock.hear(SERVER, true)
  vi.advanceTimersByTime(20_000)
  vi.setSystemTime(SERVER - 48 * HOUR)
  vi.advanceTimersByTime(20_000)
  expect(shown()).toBe(SERVER + 40_000)
})

test('an old answer does not move it back; an older first one is corrected by the next', () => {
  clock.hear(truth() - 4000, false)
  vi.advanceTimersByTime(10_000)
  expect(shown()).toBe(truth() - 4000)
  clock.hear(truth(), false)
  vi.advanceTimersByTime(10_000)
  clock.hear(truth() - 5000, false)
  expect(shown()).toBe(truth())
})

test('a fresh answer is believed in both directions: the server’s clock may be set back', () => {
  clock.hear(truth(), true)
  clock.hear(truth() - 60_000, true)
  expect(shown()).toBe(truth() - 60_000)
})

test('never ahead of the truth and never behind by more than the oldest fresh answer, in any order of answers', () => {
  let seed = 7
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  clock.hear(truth() - 5000, false)
  for (let answer = 0; answer < 2000; answer += 1) {
    vi.advanceTimersByTime(Math.floor(random() * 3000))
    if (random() < 0.3) vi.setSystemTime(Math.floor(random() * 2 * SERVER))
    const isFresh = random() < 0.3
    clock.hear(truth() - (isFresh ? Math.floor(random() * 200) : Math.floor(random() * 60_000)), isFresh)
    expect(shown()).toBeLessThanOrEqual(truth())
    expect(shown()).toBeGreaterThanOrEqual(truth() - 5000)
  }
})

test('listeners are told every second, and at once when the server tells its time', () => {
  const heard: number[] = []
  const stop = clock.subscribe(() => heard.push(clock.current().now))
  clock.hear(SERVER, true)
  vi.advanceTimersByTime(2000)
  expect(heard).toEqual([SERVER, SERVER + 1000, SERVER + 2000])
  stop()
  expect(vi.getTimerCount()).toBe(0)
})
