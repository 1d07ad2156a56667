import { describe, expect, it } from 'vitest'
import { PingCounter } from '../../src/domain/PingCounter'

/** After `pings` pings, all but the first `answered` of them unanswered. */
function after(pings: number, { answered = 0 } = {}): PingCounter {
  const counter = new PingCounter({ hungAfter: 6, lostAfter: 24 })
  for (let ping = 1; ping <= pings; ping += 1) {
    counter.ping()
    if (ping <= answered) counter.answered()
  }
  return counter
}

describe('PingCounter', () => {
  it('judges nobody by a ping that has not had its time', () => {
    expect(after(1).missed).toBe(0)
    expect(after(2).missed).toBe(1)
  })

  it.each([
    [6, false, false],
    [7, true, false],
    [24, true, false],
    [25, true, true],
  ])('after %i pings without an answer: hung %s, lost %s', (pings, isHung, isLost) => {
    const { isHung: hung, isLost: lost } = after(pings)
    expect([hung, lost]).toEqual([isHung, isLost])
  })

  it('forgets everything at the first answer', () => {
    const counter = after(20)
    counter.answered()
    expect(counter).toMatchObject({ isHung: false, missed: 0 })
    counter.ping()
    expect(counter.missed).toBe(0)
  })

  it('counts what was missed in a row', () => {
    expect(after(10, { answered: 5 }).missed).toBe(4)
  })
})
