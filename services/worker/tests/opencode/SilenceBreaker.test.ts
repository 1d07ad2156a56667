import type { Event } from '@opencode-ai/sdk/v2'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SilenceBreaker } from '../../src/infrastructure/opencode/SilenceBreaker'

const minute = 60_000
const cause = 'opencode said nothing about this answer for 5 min.'
const sessionID = 'ses'

const busy: Event = { id: 'e', type: 'session.status', properties: { sessionID, status: { type: 'busy' } } }
function retry(inMs: number): Event {
  const status = { type: 'retry', attempt: 1, message: 'later', next: Date.now() + inMs } as const
  return { id: 'e', type: 'session.status', properties: { sessionID, status } }
}

describe('SilenceBreaker', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  function start() {
    const causes: string[] = []
    const waiting = { for: false }
    const breaker = new SilenceBreaker({
      isWaiting: () => waiting.for,
      onSilence: (said) => causes.push(said),
    })
    breaker.start()
    return { breaker, causes, waiting }
  }

  it('listening → over after 300 s without an event, once', () => {
    const { breaker, causes } = start()
    vi.advanceTimersByTime(5 * minute - 1)
    expect(causes).toEqual([])
    vi.advanceTimersByTime(1)
    expect(causes).toEqual([cause])
    breaker.hear(busy)
    vi.advanceTimersByTime(20 * minute)
    expect(causes).toEqual([cause])
  })

  it('begins anew with every event', () => {
    const { breaker, causes } = start()
    for (let times = 0; times < 4; times += 1) {
      vi.advanceTimersByTime(4 * minute)
      breaker.hear(busy)
    }
    expect(causes).toEqual([])
    vi.advanceTimersByTime(5 * minute)
    expect(causes).toEqual([cause])
  })

  it('lets a tool work, or a person think, in silence, and listens again after it', () => {
    const { breaker, causes, waiting } = start()
    waiting.for = true
    vi.advanceTimersByTime(62 * minute)
    waiting.for = false
    breaker.hear(busy)
    vi.advanceTimersByTime(5 * minute - 1)
    expect(causes).toEqual([])
    vi.advanceTimersByTime(1)
    expect(causes).toEqual([cause])
  })

  it('notices that nothing is waited for any more, although that was not heard', () => {
    const { causes, waiting } = start()
    waiting.for = true
    vi.advanceTimersByTime(7 * minute)
    waiting.for = false
    vi.advanceTimersByTime(3 * minute)
    expect(causes).toEqual([cause])
  })

  it('counts from the time at which the model is asked again', () => {
    const { breaker, causes } = start()
    breaker.hear(retry(30 * minute))
    vi.advanceTimersByTime(35 * minute - 1)
    expect(causes).toEqual([])
    vi.advanceTimersByTime(1)
    expect(causes).toEqual([cause])
  })

  it('bears a time that no timer holds', () => {
    const { breaker, causes } = start()
    breaker.hear(retry(2 ** 31))
    vi.advanceTimersByTime(60 * minute)
    expect(causes).toEqual([])
  })

  it('forgets the wait when the model is asked', () => {
    const { breaker, causes } = start()
    breaker.hear(retry(30 * minute))
    breaker.hear(busy)
    vi.advanceTimersByTime(5 * minute)
    expect(causes).toEqual([cause])
  })

  it('listening → over by stop, for good', () => {
    const { breaker, causes } = start()
    breaker.stop()
    breaker.hear(busy)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(10 * minute)
    expect(causes).toEqual([])
  })

  it('does not listen before the start', () => {
    const breaker = new SilenceBreaker({ isWaiting: () => false, onSilence: () => undefined })
    breaker.hear(busy)
    expect(vi.getTimerCount()).toBe(0)
  })
})
