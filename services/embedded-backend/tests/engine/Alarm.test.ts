import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Alarm } from '../../src/engine/scheduler/Alarm'

const DAY_MS = 24 * 60 * 60 * 1_000

describe('Alarm', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('rings once, also beyond what one timer can hold', () => {
    const ring = vi.fn()
    new Alarm(ring).set(Date.now() + 60 * DAY_MS)
    vi.advanceTimersByTime(60 * DAY_MS - 1)
    expect(ring).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(ring).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('forgets what was set before', () => {
    const ring = vi.fn()
    const alarm = new Alarm(ring)
    alarm.set(Date.now() + 10)
    alarm.set(Date.now() + 1_000)
    vi.advanceTimersByTime(999)
    expect(ring).not.toHaveBeenCalled()
    alarm.set(null)
    vi.advanceTimersByTime(DAY_MS)
    expect(ring).not.toHaveBeenCalled()
  })
})
