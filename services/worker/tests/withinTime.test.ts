import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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

it('comes although its makings are garbage meanwhile, as those of AbortSignal.any are to Node 20', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const aborted = new Promise((resolve) =>
    withinTime(100, new AbortController().signal).addEventListener('abort', resolve),
  )
  const collecting = setInterval(collectGarbage, 10)
  await aborted
  clearInterval(collecting)
})
