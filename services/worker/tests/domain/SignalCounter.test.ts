import { describe, expect, it } from 'vitest'
import { SignalCounter } from '../../src/domain/SignalCounter'

describe('SignalCounter', () => {
  it('takes the first signal for the request', () => {
    expect(new SignalCounter().count('SIGTERM', 'direct', 0)).toBe('first')
  })

  it('takes what comes within a second for the same request', () => {
    const signals = new SignalCounter()
    signals.count('SIGTERM', 'direct', 0)
    expect(signals.count('SIGTERM', 'forwarded', 5)).toBe('repeated')
    expect(signals.count('SIGTERM', 'forwarded', 9)).toBe('repeated')
    expect(signals.count('SIGINT', 'direct', 1_000)).toBe('repeated')
  })

  it('takes a further one after a second for "now", of whatever kind', () => {
    const signals = new SignalCounter()
    signals.count('SIGINT', 'direct', 0)
    signals.count('SIGINT', 'forwarded', 1)
    expect(signals.count('SIGTERM', 'direct', 1_001)).toBe('second')
    expect(signals.count('SIGINT', 'direct', 2_000)).toBe('second')
  })

  it('does not take the late copy of a signal for a second one, whichever way came first', () => {
    const signals = new SignalCounter()
    signals.count('SIGINT', 'direct', 0)
    expect(signals.count('SIGINT', 'forwarded', 4_000)).toBe('repeated')
    expect(signals.count('SIGINT', 'forwarded', 4_001)).toBe('second')
    const others = new SignalCounter()
    others.count('SIGHUP', 'forwarded', 0)
    expect(others.count('SIGHUP', 'direct', 4_000)).toBe('repeated')
  })
})
