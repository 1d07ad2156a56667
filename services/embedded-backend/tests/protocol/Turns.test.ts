import { describe, expect, it, vi } from 'vitest'
import { Turns } from '../../src/protocol/Turns'

/** Computes for a millisecond. */
async function compute(): Promise<void> {
  const until = performance.now() + 1
  while (performance.now() < until) await Promise.resolve()
}

describe('turns', () => {
  it('leave room for others between a hundred tasks, which are done in their order', async () => {
    const turns = new Turns()
    const order: number[] = []
    let rounds = 0
    const timer = setInterval(() => (rounds += 1), 1)
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        turns.run(async () => {
          await compute()
          order.push(index)
        }),
      ),
    )
    clearInterval(timer)
    expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index))
    expect(rounds).toBeGreaterThanOrEqual(10)
  })

  it('do not wait for a task that waits', async () => {
    const turns = new Turns()
    let end: (() => void) | undefined
    const waiting = turns.run(() => new Promise<string>((resolve) => (end = () => resolve('late'))))
    expect(await turns.run(() => Promise.resolve('soon'))).toBe('soon')
    end?.()
    expect(await waiting).toBe('late')
  })

  it('answer as each task does', async () => {
    const turns = new Turns()
    const failing = turns.run(() => Promise.reject(new Error('its own')))
    await expect(failing).rejects.toThrow('its own')
    await vi.waitFor(async () => expect(await turns.run(() => Promise.resolve(1))).toBe(1))
  })
})
