import fc from 'fast-check'
import { convexTest } from 'convex-test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE, SECOND, errorOf } from '../contract'
import { api } from '../convex/_generated/api'
import schema from '../convex/schema'
import { step, type Step } from './presenceSteps'
import {
  WITNESS_KEY,
  makeOwner,
  makeWorker,
  modules,
  passTime,
  readEvents,
  readMachine,
  readWorker,
  register,
  sweepNow,
  type Backend,
  type Owner,
  type WorkerFixture,
} from './setup'

/**
 * Random interleavings of everything that can happen to three workers on two machines, with stale thresholds of their own or without,
 * against a model that knows only what each process did. The rules are checked after every step.
 */

const STALE = 90 * SECOND
/** What the sweep may take beyond the threshold (rule 9). */
const LATENESS = 2 * SECOND

/** What a machine has of its own. */
const ownThreshold = fc.constantFrom(undefined, 60 * SECOND, 75 * SECOND, 130 * SECOND)

/** What is true of one worker's processes, as nobody but the test knows. */
interface Truth {
  fixture: WorkerFixture
  owner: Owner
  /** After how long a silence it is lost. */
  staleAfter: number
  runs: Awaited<ReturnType<typeof register>>[]
  seq: number
  lastBeat: number
  /** When the backend last woke while this worker was online: before, it could not have been heard. */
  backendAwakeSince: number
  isClosed: boolean
  isRevoked: boolean
}

const steps = fc.array(step, { maxLength: 40, size: 'max' })

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call
    return 'ok'
  } catch (error) {
    const code = errorOf(error)?.code
    if (code === undefined) throw error
    return code
  }
}

async function take(t: Backend, truths: Truth[], step: Step): Promise<void> {
  if (step.do === 'pass') {
    await passTime(t, step.seconds * SECOND)
    return
  }
  if (step.do === 'sleep') {
    vi.setSystemTime(Date.now() + step.minutes * MINUTE)
    for (const truth of truths) {
      const isOnline = (await readWorker(t, truth.fixture)).status === 'online'
      if (isOnline) truth.backendAwakeSince = Date.now()
    }
    await sweepNow(t)
    return
  }
  if (step.do === 'cron') {
    await sweepNow(t)
    return
  }
  const truth = truths[step.worker]
  if (!truth) throw new Error('three workers')
  const present = truth.runs.at(-1)
  const previous = truth.runs.at(-2)
  const witnessOf = (run: NonNullable<typeof present>) => ({
    workerId: run.workerId,
    epoch: run.epoch,
    key: WITNESS_KEY,
  })
  /** What a process is told that calls now. */
  const answer = truth.isRevoked ? 'WORKER_REVOKED' : truth.isClosed ? 'INCARNATION_CLOSED' : 'ok'
  switch (step.do) {
    case 'register':
      if (truth.isRevoked) {
        expect(await codeOf(register(t, truth.fixture))).toBe('WORKER_REVOKED')
        return
      }
      truth.runs.push(await register(t, truth.fixture))
      Object.assign(truth, { seq: 0, lastBeat: Date.now(), isClosed: false })
      return
    case 'beat': {
      const run = step.run === 'present' ? present : previous
      if (!run) return
      truth.seq += 1
      const code = await codeOf(t.mutation(api.workers.heartbeat, { credentials: run, seq: truth.seq }))
      expect(code).toBe(run === previous && !truth.isRevoked ? 'SUPERSEDED' : answer)
      if (code === 'ok') truth.lastBeat = Date.now()
      return
    }
    case 'stop': {
      if (!present) return
      const stop = t.mutation(api.workers.goOffline, {
        credentials: present,
        reason: 'shutdown',
        evidence: {},
      })
      expect(await codeOf(stop)).toBe(answer)
      truth.isClosed = true
      return
    }
    case 'crash': {
      if (!present) return
      const report = t.mutation(api.workers.reportExit, { witness: witnessOf(present), signal: 'SIGKILL' })
      expect(await codeOf(report)).toBe(truth.isClosed ? 'INCARNATION_CLOSED' : 'ok')
      truth.isClosed = true
      return
    }
    case 'hang': {
      if (!present) return
      const isOnline = (await readWorker(t, truth.fixture)).status === 'online'
      const report = t.mutation(api.workers.reportHang, { witness: witnessOf(present), isHung: true })
      expect(await codeOf(report)).toBe(truth.isClosed ? 'INCARNATION_CLOSED' : 'ok')
      if (isOnline) truth.lastBeat = Date.now()
      return
    }
    case 'crashOfAnOlderRun':
      if (!previous) return
      expect(
        await codeOf(t.mutation(api.workers.reportExit, { witness: witnessOf(previous), exitCode: 1 })),
      ).toBe('INCARNATION_CLOSED')
      return
    case 'revoke':
      await truth.owner.as.mutation(api.workerAccess.revoke, { workerId: truth.fixture.workerId })
      truth.isRevoked = true
      truth.isClosed = true
      return
    default:
      step satisfies never
  }
}

async function check(t: Backend, truths: Truth[]): Promise<void> {
  const now = Date.now()
  const graces = await t.run((ctx) => ctx.db.query('fleetEvents').take(1_000))
  const lastGrace = Math.max(0, ...graces.map(({ at }) => at))
  const byMachine = new Map<string, { status: string; anyOnline: boolean }>()

  for (const truth of truths) {
    const seen = await readWorker(t, truth.fixture)
    const events = await readEvents(t, truth.fixture)
    const { staleAfter } = truth
    const deadline = Math.max(truth.lastBeat + staleAfter, lastGrace + Math.max(staleAfter, STALE))

    if (seen.status === 'online') {
      expect(truth.isClosed, 'a closed incarnation is not online').toBe(false)
      expect(now - deadline, 'no worker is online beyond its promise').toBeLessThanOrEqual(LATENESS)
    } else if (truth.runs.length > 0 && !truth.isClosed) {
      expect(seen.offline?.reason).toBe('stale')
      const audibleSince = Math.max(truth.lastBeat, truth.backendAwakeSince)
      const silence = seen.statusChangedAt - audibleSince
      expect(silence, 'none is offline that beat in time').toBeGreaterThanOrEqual(staleAfter)
    }
    expect(seen.epoch).toBe(truth.runs.length)

    // One event per transition: they alternate, and the last one is the status.
    const directions = events.map(({ what }) => (what.kind === 'offline' ? 'offline' : 'online'))
    directions.forEach((direction, i) => expect(direction).toBe(i % 2 === 0 ? 'online' : 'offline'))
    expect(directions.at(-1) ?? 'offline').toBe(seen.status)
    expect(events.at(-1)?.at ?? seen.statusChangedAt).toBe(seen.statusChangedAt)

    const machine = byMachine.get(truth.fixture.machineId) ?? {
      status: (await readMachine(t, truth.fixture)).status,
      anyOnline: false,
    }
    machine.anyOnline ||= seen.status === 'online'
    byMachine.set(truth.fixture.machineId, machine)
  }
  for (const { status, anyOnline } of byMachine.values())
    expect(status).toBe(anyOnline ? 'online' : 'offline')
}

describe('presence, whatever happens in whatever order', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000 * MINUTE }))
  afterEach(() => void vi.useRealTimers())

  it('keeps its rules', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.tuple(ownThreshold, ownThreshold), async (steps, [own, ownOfAnother]) => {
        vi.setSystemTime(1_000 * MINUTE)
        const t = convexTest({ schema, modules, transactionLimits: true })
        const owner = await makeOwner(t)
        const first = await makeWorker(owner, { name: 'a' })
        const second = await makeWorker(owner, { name: 'b', machineId: first.machineId })
        const third = await makeWorker(owner, { name: 'c', machine: 'studio-mac' })
        for (const [{ machineId }, staleThresholdMs] of [
          [first, own] as const,
          [third, ownOfAnother] as const,
        ]) {
          await owner.as.mutation(api.machines.setOverrides, { machineId, overrides: { staleThresholdMs } })
        }
        const truths = [first, second, third].map((fixture): Truth => ({
          fixture,
          owner,
          staleAfter: (fixture === third ? ownOfAnother : own) ?? STALE,
          runs: [],
          seq: 0,
          lastBeat: 0,
          backendAwakeSince: 0,
          isClosed: false,
          isRevoked: false,
        }))
        for (const step of steps) {
          await take(t, truths, step)
          await check(t, truths)
        }
        vi.clearAllTimers()
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})
