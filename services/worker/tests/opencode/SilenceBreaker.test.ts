import type { Event } from '@opencode-ai/sdk/v2'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SilenceBreaker } from '../../src/infrastructure/opencode/SilenceBreaker'

const minute = 60_000
const cause = 'opencode said nothing about this answer for 5 min.'
const sessionID = 'ses'

const busy: Event = { id: 'e', type: 'session.status', properties: { sessionID, status: { type: 'busy' } } }
const asked: Event = {
  id: 'e',
  type: 'permission.asked',
  properties: { id: 'per', sessionID, permission: 'bash', patterns: [], metadata: {}, always: [] },
}
const replied: Event = {
  id: 'e',
  type: 'permission.replied',
  properties: { sessionID, requestID: 'per', reply: 'once' },
}

function retry(inMs: number): Event {
  const status = { type: 'retry', attempt: 1, message: 'later', next: Date.now() + inMs } as const
  return { id: 'e', type: 'session.status', properties: { sessionID, status } }
}

describe('SilenceBreaker', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  function start() {
    const causes: string[] = []
    const tool = { isRunning: false }
    const breaker = new SilenceBreaker({
      isToolRunning: () => tool.isRunning,
      onSilence: (said) => causes.push(said),
    })
    breaker.start()
    return { breaker, causes, tool }
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

  it('lets a tool work in silence, and listens again after it', () => {
    const { breaker, causes, tool } = start()
    tool.isRunning = true
    vi.advanceTimersByTime(62 * minute)
    tool.isRunning = false
    breaker.hear(busy)
    vi.advanceTimersByTime(5 * minute - 1)
    expect(causes).toEqual([])
    vi.advanceTimersByTime(1)
    expect(causes).toEqual([cause])
  })

  it('notices a tool whose end was not heard', () => {
    const { causes, tool } = start()
    tool.isRunning = true
    vi.advanceTimersByTime(7 * minute)
    tool.isRunning = false
    vi.advanceTimersByTime(3 * minute)
    expect(causes).toEqual([cause])
  })

  it('waits for the answer to a permission', () => {
    const { breaker, causes } = start()
    breaker.hear(asked)
    vi.advanceTimersByTime(60 * minute)
    expect(causes).toEqual([])
    breaker.hear(replied)
    vi.advanceTimersByTime(5 * minute)
    expect(causes).toEqual([cause])
  })

  it('does not wait for an answer that may have been missed', () => {
    const { breaker, causes } = start()
    breaker.hear(asked)
    breaker.hearGap()
    vi.advanceTimersByTime(5 * minute)
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
    const breaker = new SilenceBreaker({ isToolRunning: () => false, onSilence: () => undefined })
    breaker.hear(busy)
    expect(vi.getTimerCount()).toBe(0)
  })
})
