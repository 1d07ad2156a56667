import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ConnectionWatch } from '../src/connection/ConnectionWatch'

/** On the page's monotonic clock, on which all is counted. */
let start: number
let watch: ConnectionWatch
let changes: string[]

beforeEach(() => {
  vi.useFakeTimers()
  start = performance.now()
  watch = new ConnectionWatch()
  changes = []
  watch.subscribe(() => changes.push(watch.current().kind))
})
afterEach(() => {
  vi.useRealTimers()
})

test('connecting → live on the first open socket', () => {
  expect(watch.current()).toEqual({ kind: 'connecting', since: start })
  watch.opened()
  expect(watch.current()).toEqual({ kind: 'live' })
})

test('connecting stays connecting while sockets only fail', () => {
  watch.closed()
  vi.advanceTimersByTime(60_000)
  expect(changes).toEqual([])
})

test('live → lost 1.5 s after the socket closed, counted from the close', () => {
  watch.opened()
  vi.advanceTimersByTime(5000)
  watch.closed()
  vi.advanceTimersByTime(1500)
  expect(watch.current().kind).toBe('live')
  vi.advanceTimersByTime(500)
  expect(watch.current()).toEqual({ kind: 'lost', since: start + 5000 })
})

test('a reconnect within the grace is not worth a word', () => {
  watch.opened()
  watch.closed()
  vi.advanceTimersByTime(1000)
  watch.heard()
  vi.advanceTimersByTime(10_000)
  expect(changes).toEqual(['live'])
})

test('lost stays lost when a socket opens, until the server has answered: till then statuses are old', () => {
  watch.opened()
  watch.closed()
  vi.advanceTimersByTime(3000)
  watch.opened()
  vi.advanceTimersByTime(3000)
  expect(watch.current().kind).toBe('lost')
  watch.heard()
  vi.advanceTimersByTime(1000)
  expect(watch.current()).toEqual({ kind: 'lost', since: start })
  watch.answered()
  expect(watch.current()).toEqual({ kind: 'live' })
})

test('a page that asks nothing is live 3 s after it hears something', () => {
  watch.opened()
  watch.closed()
  vi.advanceTimersByTime(5000)
  watch.heard()
  vi.advanceTimersByTime(2500)
  expect(watch.current().kind).toBe('lost')
  vi.advanceTimersByTime(500)
  expect(watch.current()).toEqual({ kind: 'live' })
})

test('an answer of the socket before does not count for the next', () => {
  watch.opened()
  watch.answered()
  watch.closed()
  watch.answered()
  vi.advanceTimersByTime(3000)
  watch.heard()
  expect(watch.current().kind).toBe('lost')
})

test('failed attempts do not move the moment of the loss', () => {
  watch.opened()
  watch.closed()
  vi.advanceTimersByTime(4000)
  watch.closed()
  expect(watch.current()).toEqual({ kind: 'lost', since: start })
})

test('an open socket that is silent for over 20 s is lost: a cut cable closes nothing', () => {
  watch.heard()
  vi.advanceTimersByTime(15_000)
  watch.heard()
  vi.advanceTimersByTime(20_000)
  expect(watch.current().kind).toBe('live')
  vi.advanceTimersByTime(500)
  expect(watch.current()).toEqual({ kind: 'lost', since: start + 15_000 })
})

test('a viewer’s clock that is set back changes nothing', () => {
  watch.heard()
  vi.setSystemTime(Date.now() - 3_600_000)
  vi.advanceTimersByTime(19_000)
  expect(watch.current().kind).toBe('live')
  vi.advanceTimersByTime(1500)
  expect(watch.current()).toEqual({ kind: 'lost', since: start })
})

test('a computer that slept doubts its connection until it hears something, though its monotonic clock stood still', () => {
  watch.heard()
  watch.answered()
  vi.setSystemTime(Date.now() + 60_000)
  vi.advanceTimersByTime(250)
  expect(watch.current()).toEqual({ kind: 'lost', since: start })
  watch.heard()
  expect(watch.current()).toEqual({ kind: 'live' })
})

test('nobody listening, no timer left', () => {
  const lonely = new ConnectionWatch()
  const before = vi.getTimerCount()
  const stop = lonely.subscribe(() => undefined)
  expect(vi.getTimerCount()).toBe(before + 1)
  stop()
  expect(vi.getTimerCount()).toBe(before)
})
