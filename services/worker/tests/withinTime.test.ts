import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withinTime } from '../src/withinTime'

describe('withinTime', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('aborts when its time is over, and not before', () => {
    const signal = withinTime(100)
    vi.advanceTimersByTime(99)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('aborts with the reason of the signal that it was given, even if that was aborted before', () => {
    const controller = new AbortController()
    const signal = withinTime(100, controller.signal)
    controller.abort('stop')
    expect(signal.reason).toBe('stop')
    expect(withinTime(100, controller.signal).reason).toBe('stop')
    expect(vi.getTimerCount()).toBe(0)
  })
})
