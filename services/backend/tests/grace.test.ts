import { describe, expect, it, vi } from 'vitest'
import { MINUTE, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import { makeFleet, passTime, readWorker, sweepNow, useBackend, type Member } from './setup'

const backend = useBackend()

const graces = async () => {
  const events = await backend.t.run((ctx) => ctx.db.query('fleetEvents').take(100))
  return events.map(({ what }) => what.cause)
}

const statuses = async (fleet: Member[]) => [
  ...new Set(
    await Promise.all(fleet.map(async ({ worker }) => (await readWorker(backend.t, worker)).status)),
  ),
]

describe('rule 10: a backend that slept judges nobody', () => {
  it('grants one stale period after a gap, and says so', async () => {
    const fleet = await makeFleet(backend.t, 2)
    const [back, gone] = fleet
    if (!back || !gone) throw new Error('two workers')
    vi.setSystemTime(Date.now() + 60 * MINUTE)
    expect((await sweepNow(backend.t)).markedOfflineCount).toBe(0)
    expect(await graces()).toEqual(['backend-gap'])
    expect(await statuses(fleet)).toEqual(['online'])

    await passTime(backend.t, 10 * SECOND)
    await backend.t.mutation(api.workers.heartbeat, { credentials: back.credentials, seq: 1 })
    await passTime(backend.t, 82 * SECOND)
    expect(await statuses([back])).toEqual(['online'])
    expect(await statuses([gone])).toEqual(['offline'])
    expect(await graces()).toEqual(['backend-gap'])
  })

  it('takes a sweep that was due minutes ago for a gap, one of a second ago not', async () => {
    const [member] = await makeFleet(backend.t, 1)
    if (!member) throw new Error('one worker')
    vi.setSystemTime(Date.now() + 92 * SECOND)
    expect((await sweepNow(backend.t)).markedOfflineCount).toBe(1)
    expect(await graces()).toEqual([])

    const [another] = await makeFleet(backend.t, 1, 'another')
    if (!another) throw new Error('another worker')
    vi.setSystemTime(Date.now() + 120 * SECOND)
    expect((await sweepNow(backend.t)).markedOfflineCount).toBe(0)
    expect(await graces()).toEqual(['backend-gap'])
  })

  it('grants one stale period, once, when over half of ten or more fall silent together', async () => {
    const fleet = await makeFleet(backend.t, 10)
    const [alive, ...silent] = fleet
    if (!alive) throw new Error('ten workers')
    let seq = 0
    const aliveBeats = async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 30) {
        await passTime(backend.t, Math.min(30, seconds - passed) * SECOND)
        await backend.t.mutation(api.workers.heartbeat, { credentials: alive.credentials, seq: ++seq })
      }
    }
    await aliveBeats(93)
    expect(await graces()).toEqual(['mass-silence'])
    expect(await statuses(fleet)).toEqual(['online'])
    await aliveBeats(92)
    expect(await graces()).toEqual(['mass-silence'])
    expect(await statuses(silent)).toEqual(['offline'])
    expect(await statuses([alive])).toEqual(['online'])
  })

  it('knows no mass silence under ten workers, nor when half are alive', async () => {
    const silent = await makeFleet(backend.t, 5)
    vi.setSystemTime(Date.now() + 80 * SECOND)
    const alive = await makeFleet(backend.t, 5, 'alive')
    vi.setSystemTime(Date.now() + 11 * SECOND)
    await sweepNow(backend.t)
    expect(await graces()).toEqual([])
    expect(await statuses(silent)).toEqual(['offline'])
    expect(await statuses(alive)).toEqual(['online'])
  })
})
