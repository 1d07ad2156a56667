import { describe, expect, it, vi } from 'vitest'
import { MINUTE, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import {
  makeFleet,
  passTime,
  readMachine,
  readWorker,
  signedInAs,
  sweepNow,
  useBackend,
  type Member,
} from './setup'

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

describe('a grace, where machines have stale thresholds of their own', () => {
  /** Gives the machine of a fleet of up to forty a threshold of its own. */
  const setThreshold = async (fleet: Member[], staleThresholdMs: number): Promise<void> => {
    const [member] = fleet
    if (!member) throw new Error('a fleet')
    const { ownerId } = await readMachine(backend.t, member.worker)
    const { machineId } = member.worker
    const owner = await signedInAs(backend.t, ownerId)
    await owner.mutation(api.machines.setOverrides, { machineId, overrides: { staleThresholdMs } })
  }
  const beatOf = async (fleet: Member[], seq: number) => {
    for (const { credentials } of fleet) await backend.t.mutation(api.workers.heartbeat, { credentials, seq })
  }
  const pass = async (seconds: number) => {
    for (let left = seconds; left > 0; left -= 60) {
      await passTime(backend.t, Math.min(60, left) * SECOND)
      // The cron, which convex-test does not run.
      await sweepNow(backend.t)
    }
  }

  it('lasts one period of the deployment, and for a longer threshold one of its own', async () => {
    const short = await makeFleet(backend.t, 1, 'short')
    const usual = await makeFleet(backend.t, 1, 'usual')
    const long = await makeFleet(backend.t, 1, 'long')
    await setThreshold(short, 60 * SECOND)
    await setThreshold(long, 200 * SECOND)
    vi.setSystemTime(Date.now() + 60 * MINUTE)
    await sweepNow(backend.t)
    expect(await graces()).toEqual(['backend-gap'])

    await passTime(backend.t, 89 * SECOND)
    expect(await statuses([...short, ...usual, ...long])).toEqual(['online'])
    await passTime(backend.t, 3 * SECOND)
    expect(await statuses([...short, ...usual])).toEqual(['offline'])
    await pass(107)
    expect(await statuses(long)).toEqual(['online'])
    await passTime(backend.t, 3 * SECOND)
    expect(await statuses(long)).toEqual(['offline'])
    expect(await graces()).toEqual(['backend-gap'])
  })

  it('is granted for silent workers of all thresholds together, once', async () => {
    const usual = await makeFleet(backend.t, 4, 'usual')
    const short = await makeFleet(backend.t, 3, 'short')
    const long = await makeFleet(backend.t, 3, 'long')
    await setThreshold(short, 60 * SECOND)
    await setThreshold(long, 600 * SECOND)
    const all = [...usual, ...short, ...long]
    // So that they are stale in the same moment as those who were silent all the time.
    await passTime(backend.t, 30 * SECOND)
    await beatOf(short, 1)
    await passTime(backend.t, 62 * SECOND)
    expect(await graces()).toEqual(['mass-silence'])
    expect(await statuses(all)).toEqual(['online'])

    await passTime(backend.t, 88 * SECOND)
    expect(await statuses(all)).toEqual(['online'])
    await passTime(backend.t, 3 * SECOND)
    expect(await statuses([...usual, ...short])).toEqual(['offline'])
    expect(await statuses(long)).toEqual(['online'])
  })

  it('is not granted again to workers with a longer threshold that were silent before it', async () => {
    const long = await makeFleet(backend.t, 12, 'long')
    await setThreshold(long, 600 * SECOND)
    const usual = await makeFleet(backend.t, 13, 'usual')
    await passTime(backend.t, 92 * SECOND)
    expect(await graces()).toEqual(['mass-silence'])
    await pass(87)
    expect(await statuses(usual)).toEqual(['online'])
    await passTime(backend.t, 3 * SECOND)
    expect(await statuses(usual)).toEqual(['offline'])
    await pass(600)
    expect(await statuses(long)).toEqual(['offline'])
    expect(await graces()).toEqual(['mass-silence'])
  })

  it('is granted again for whoever was heard from after the last one', async () => {
    const fleet = await makeFleet(backend.t, 10)
    await passTime(backend.t, 92 * SECOND)
    for (const seq of [1, 2, 3]) {
      await beatOf(fleet, seq)
      await passTime(backend.t, 60 * SECOND)
    }
    expect(await graces()).toEqual(['mass-silence'])
    await passTime(backend.t, 32 * SECOND)
    expect(await graces()).toEqual(['mass-silence', 'mass-silence'])
    expect(await statuses(fleet)).toEqual(['online'])
  })
})
