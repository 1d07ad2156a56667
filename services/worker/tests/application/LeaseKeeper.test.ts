import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LeaseKeeper } from '../../src/application/LeaseKeeper'
import { silent } from '../setup'

const LEASE_MS = 60_000

describe('LeaseKeeper (rule 13: a worker that has lost its lease fences itself)', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  function start() {
    const events: unknown[] = []
    const note = ({ event }: { event: string }) => events.push(event)
    const logger = { ...silent, info: note, warn: note } as unknown as typeof silent
    const onFenced = vi.fn()
    const keeper = new LeaseKeeper({ epoch: 1, staleThresholdMs: 90_000, onFenced, logger })
    return { keeper, onFenced, events }
  }

  it('fences when no beat was acknowledged in time, once', () => {
    const { onFenced, events } = start()
    vi.advanceTimersByTime(LEASE_MS - 1)
    expect(onFenced).not.toHaveBeenCalled()
    vi.advanceTimersByTime(10 * LEASE_MS)
    expect(onFenced).toHaveBeenCalledOnce()
    expect(events).toEqual(['worker.fenced'])
  })

  it('holds as long as beats are acknowledged', () => {
    const { keeper, onFenced } = start()
    for (let beat = 0; beat < 10; beat += 1) {
      vi.advanceTimersByTime(30_000)
      keeper.renew(performance.now())
    }
    expect(onFenced).not.toHaveBeenCalled()
    vi.advanceTimersByTime(LEASE_MS)
    expect(onFenced).toHaveBeenCalledOnce()
  })

  it('is held again by the next acknowledged beat, and can be lost again', () => {
    const { keeper, onFenced, events } = start()
    vi.advanceTimersByTime(2 * LEASE_MS)
    keeper.renew(performance.now())
    expect(events).toEqual(['worker.fenced', 'worker.unfenced'])
    vi.advanceTimersByTime(LEASE_MS)
    expect(onFenced).toHaveBeenCalledTimes(2)
  })

  it('is not held again by the late answer to a beat that was sent too long ago', () => {
    const { keeper, events } = start()
    const sentAt = performance.now()
    vi.advanceTimersByTime(2 * LEASE_MS)
    keeper.renew(sentAt)
    expect(events).toEqual(['worker.fenced'])
  })

  it('follows a changed threshold', () => {
    const { keeper, onFenced } = start()
    keeper.changeThreshold(9_000)
    vi.advanceTimersByTime(6_000)
    expect(onFenced).toHaveBeenCalledOnce()
  })

  it('tells how old it is and whether it is lost', () => {
    const { keeper } = start()
    expect([keeper.ageMs, keeper.isLost]).toEqual([0, false])
    vi.advanceTimersByTime(LEASE_MS)
    expect([keeper.ageMs, keeper.isLost]).toEqual([LEASE_MS, true])
    keeper.renew(performance.now() - 100)
    expect([keeper.ageMs, keeper.isLost]).toEqual([100, false])
    vi.advanceTimersByTime(LEASE_MS)
    keeper.end()
    expect(keeper.isLost).toBe(false)
  })

  it('says nothing after its end', () => {
    const { keeper, onFenced, events } = start()
    keeper.end()
    keeper.renew(performance.now())
    vi.advanceTimersByTime(10 * LEASE_MS)
    expect(onFenced).not.toHaveBeenCalled()
    expect(events).toEqual([])
  })
})
