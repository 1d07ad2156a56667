import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { withinLimit as limited } from '../../src/engine/functions/withinLimit'

let withinLimit: typeof limited

// It takes its clock when it is loaded.
beforeEach(async () => {
  vi.useFakeTimers()
  vi.resetModules()
  ;({ withinLimit } = await import('../../src/engine/functions/withinLimit'))
})
afterEach(() => {
  vi.useRealTimers()
})

const never = () => new Promise<never>(() => undefined)

test.each([
  ['query', 30],
  ['mutation', 30],
  ['action', 600],
  ['httpAction', 600],
] as const)('a %s is given up after %i s', async (kind, seconds) => {
  const given = vi.fn()
  withinLimit(kind, never).catch(given)
  await vi.advanceTimersByTimeAsync((seconds - 1) * 1_000)
  expect(given).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(String(given.mock.calls[0]?.[0])).toContain(`maximum duration ${seconds} s`)
})

test('what has ended is overseen no more, and the others still are', async () => {
  const given = vi.fn()
  const first = withinLimit('query', () => Promise.resolve('first'))
  withinLimit('query', never).catch(given)
  const failing = withinLimit('query', () => Promise.reject(new Error('own')))
  expect(await first).toBe('first')
  await expect(failing).rejects.toThrow('own')
  await vi.advanceTimersByTimeAsync(31_000)
  expect(given).toHaveBeenCalledOnce()
  expect(vi.getTimerCount()).toBe(0)
})
