import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WakeWatch } from '../../src/application/WakeWatch'

const MINUTE = 60_000

describe('WakeWatch', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterEach(() => vi.useRealTimers())

  /** A watch whose clocks go as the test says. */
  function start() {
    const clock = { wall: 1_000_000, monotonic: 0 }
    const onWake = vi.fn()
    const watch = new WakeWatch({
      onWake,
      clocks: { wall: () => clock.wall, monotonic: () => clock.monotonic },
    })
    /** Lets a second pass that the process runs, after what went by while it did not. */
    const second = ({ wall = 0, monotonic = 0 } = {}) => {
      clock.wall += 1_000 + wall
      clock.monotonic += 1_000 + monotonic
      vi.advanceTimersByTime(1_000)
    }
    return { onWake, watch, second }
  }

  it('sees nothing in time that passes', () => {
    const { onWake, second } = start()
    for (let n = 0; n < 100; n += 1) second()
    expect(onWake).not.toHaveBeenCalled()
  })

  it.each([
    ['a stopped process: both clocks went on', { wall: 5 * MINUTE, monotonic: 5 * MINUTE }],
    ['a machine that slept: only the wall clock went on', { wall: 5 * MINUTE, monotonic: 0 }],
    ['a machine that slept while its clock was set back', { wall: 0, monotonic: 5 * MINUTE }],
  ])('notices %s, once', (_what, gap) => {
    const { onWake, second } = start()
    second()
    second(gap)
    expect(onWake.mock.calls).toEqual([[5 * MINUTE]])
    second()
    expect(onWake).toHaveBeenCalledOnce()
  })

  it('does not take a busy moment for a sleep, nor a clock that is set back', () => {
    const { onWake, second } = start()
    second({ wall: 2_900, monotonic: 2_900 })
    second({ wall: -10 * MINUTE })
    expect(onWake).not.toHaveBeenCalled()
  })

  it('is over when it is stopped', () => {
    const { onWake, watch, second } = start()
    watch.stop()
    second({ wall: MINUTE })
    expect(onWake).not.toHaveBeenCalled()
  })
})
