import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Heartbeater, type HeartbeaterOptions } from '../../src/application/Heartbeater'
import type { Beat } from '../../src/infrastructure/convex/backendTypes'
import type { Reply } from '../../src/infrastructure/convex/reply'
import { silent } from '../setup'

const INTERVAL = 30_000

interface Sent {
  seq: number
  at: number
  signal: AbortSignal
  answer: (reply: Reply<Beat>) => void
}

const counted: Reply<Beat> = { kind: 'ok', value: { kind: 'counted' } }

describe('Heartbeater (rule 11: a beat is sent once or never)', () => {
  beforeEach(() => vi.useFakeTimers({ now: 0 }))
  afterEach(() => vi.useRealTimers())

  function start(options: Partial<HeartbeaterOptions> = {}) {
    const sent: Sent[] = []
    const onBackOnline = vi.fn()
    const onAcknowledged = vi.fn()
    const onOutcome = vi.fn()
    const heartbeater = new Heartbeater({
      send: (seq, signal) =>
        new Promise((answer) => {
          sent.push({ seq, signal, answer, at: Date.now() })
        }),
      intervalMs: INTERVAL,
      onBackOnline,
      onAcknowledged,
      onOutcome,
      random: () => 0.5,
      logger: silent,
      ...options,
    })
    return { sent, onBackOnline, onAcknowledged, onOutcome, heartbeater }
  }

  it('beats once an interval, counting', async () => {
    const { sent } = start()
    for (let beat = 0; beat < 3; beat += 1) {
      await vi.advanceTimersByTimeAsync(INTERVAL)
      sent.at(-1)?.answer(counted)
    }
    expect(sent.map(({ seq, at }) => ({ seq, at }))).toEqual([
      { seq: 1, at: INTERVAL },
      { seq: 2, at: 2 * INTERVAL },
      { seq: 3, at: 3 * INTERVAL },
    ])
  })

  it.each([
    [0, 0.9],
    [0.999_999, 1.1],
  ])('spreads beats by 10 %% (%f)', async (random, factor) => {
    const { sent } = start({ random: () => random })
    await vi.advanceTimersByTimeAsync(1.2 * INTERVAL)
    expect(sent[0]?.at).toBe(factor * INTERVAL)
  })

  it('aborts a beat that is not answered within the interval, and never sends it again', async () => {
    const { sent } = start()
    await vi.advanceTimersByTimeAsync(3 * INTERVAL)
    expect(sent.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, true, false])
  })

  it('has one in flight when told to beat at once', async () => {
    const { sent, heartbeater } = start()
    void heartbeater.beatNow()
    void heartbeater.beatNow()
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, false])
    await vi.advanceTimersByTimeAsync(INTERVAL - 1)
    expect(sent).toHaveLength(2)
  })

  it.each(['online', 'recovered'] as const)(
    'tells when a beat brought the worker back (%s)',
    async (kind) => {
      const { sent, heartbeater, onBackOnline } = start()
      const beat = heartbeater.beatNow()
      sent[0]?.answer({ kind: 'ok', value: { kind } })
      await beat
      expect(onBackOnline).toHaveBeenCalledOnce()
    },
  )

  it('says nothing of the kind for an ordinary beat or a failed one', async () => {
    const { sent, heartbeater, onBackOnline } = start()
    for (const reply of [counted, { kind: 'unreachable', reason: 'ECONNREFUSED' } as const]) {
      const beat = heartbeater.beatNow()
      sent.at(-1)?.answer(reply)
      await beat
    }
    expect(onBackOnline).not.toHaveBeenCalled()
  })

  it('follows a changed interval', async () => {
    const { sent, heartbeater } = start()
    heartbeater.setInterval(1_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sent).toHaveLength(1)
  })

  it('tells when an acknowledged beat was sent, and nothing of one that failed', async () => {
    const { sent, heartbeater, onAcknowledged } = start()
    const from = performance.now()
    const beat = heartbeater.beatNow()
    await vi.advanceTimersByTimeAsync(700)
    sent[0]?.answer(counted)
    await beat
    const failing = heartbeater.beatNow()
    sent[1]?.answer({ kind: 'unreachable', reason: 'ECONNREFUSED' })
    await failing
    expect(onAcknowledged.mock.calls).toEqual([[from]])
  })

  it('tells what came of each, once', async () => {
    const { sent, heartbeater, onOutcome } = start()
    const refusal = { code: 'SUPERSEDED', message: 'A newer process took over.' } as const
    const unreachable = { kind: 'unreachable', reason: 'ECONNREFUSED' } as const
    for (const reply of [counted, { kind: 'refused', refusal } as const, unreachable]) {
      const beat = heartbeater.beatNow()
      sent.at(-1)?.answer(reply)
      await beat
    }
    // The third of these is in flight.
    await vi.advanceTimersByTimeAsync(3 * INTERVAL)
    expect(onOutcome.mock.calls.flat()).toEqual([
      ...['acknowledged', 'SUPERSEDED', 'unreachable'],
      ...['unreachable', 'unreachable'],
    ])
  })

  it('is silent after stop', async () => {
    const { sent, heartbeater } = start()
    void heartbeater.beatNow()
    heartbeater.stop()
    expect(sent[0]?.signal.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(5 * INTERVAL)
    expect(await heartbeater.beatNow()).toMatchObject({ kind: 'unreachable' })
    heartbeater.setInterval(1)
    await vi.advanceTimersByTimeAsync(5 * INTERVAL)
    expect(sent).toHaveLength(1)
  })
})
