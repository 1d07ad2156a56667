import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { flapping, MINUTE, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import { witnessOf } from './everyFunction'
import { countsOf, METRICS_TOKEN, scrape } from './scrape'
import {
  makeFleet,
  makeOwner,
  makeWorker,
  onlineWorker,
  passTime,
  register,
  sweepNow,
  useBackend,
  type Backend,
} from './setup'

const backend = useBackend()

beforeEach(() => void vi.stubEnv('METRICS_TOKEN', METRICS_TOKEN))
afterEach(() => void vi.unstubAllEnvs())

const workers = (...[status, phase, reason]: [string, string, string]) =>
  `rollcall_workers{status="${status}",phase="${phase}",reason="${reason}"}`
const transitions = (kind: string, reason = 'none') =>
  `rollcall_transitions_total{kind="${kind}",reason="${reason}"}`

/** The gauge of workers and the counters of their transitions, without zeros. */
const fleetOf = async (t: Backend) =>
  countsOf(await scrape(t), 'rollcall_workers', 'rollcall_transitions_total')

describe('workers and transitions', () => {
  it('counts a new worker as pending, then as approved and never online', async () => {
    const owner = await makeOwner(backend.t)
    const { workerId } = await makeWorker(owner, { approved: false })
    expect(await fleetOf(backend.t)).toEqual({ [workers('pending', 'none', 'none')]: 1 })
    await owner.as.mutation(api.workerAccess.approve, { workerId })
    await owner.as.mutation(api.workerAccess.approve, { workerId })
    expect(await fleetOf(backend.t)).toEqual({ [workers('offline', 'none', 'new')]: 1 })
  })

  it('follows the phases of an online worker', async () => {
    const { credentials } = await onlineWorker(backend.t)
    const online = { [transitions('online')]: 1 }
    const witness = witnessOf(credentials)
    expect(await fleetOf(backend.t)).toEqual({ ...online, [workers('online', 'starting', 'none')]: 1 })
    await backend.t.mutation(api.workers.ready, { credentials, opencodeVersion: '1' })
    expect(await fleetOf(backend.t)).toEqual({ ...online, [workers('online', 'ready', 'none')]: 1 })
    await backend.t.mutation(api.workers.reportHang, { witness, isHung: true })
    expect(await fleetOf(backend.t)).toEqual({ ...online, [workers('online', 'hung', 'none')]: 1 })
    await backend.t.mutation(api.workers.reportHang, { witness, isHung: false })
    await backend.t.mutation(api.workers.beginDraining, { credentials, cause: 'SIGTERM', deadlineMs: 1 })
    expect(await fleetOf(backend.t)).toEqual({ ...online, [workers('online', 'draining', 'none')]: 1 })
    await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
    expect(await fleetOf(backend.t)).toEqual({
      ...online,
      [workers('offline', 'none', 'shutdown')]: 1,
      [transitions('offline', 'shutdown')]: 1,
    })
  })

  it('counts a superseded run and the one that took its place in one transaction', async () => {
    const { worker } = await onlineWorker(backend.t)
    await register(backend.t, worker)
    expect(await fleetOf(backend.t)).toEqual({
      [workers('online', 'starting', 'none')]: 1,
      [transitions('online')]: 2,
      [transitions('offline', 'superseded')]: 1,
    })
  })

  it('counts a recovery apart from an arrival', async () => {
    const { credentials } = await onlineWorker(backend.t)
    await passTime(backend.t, 93 * SECOND)
    expect(await fleetOf(backend.t)).toMatchObject({ [workers('offline', 'none', 'stale')]: 1 })
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    expect(await fleetOf(backend.t)).toEqual({
      [workers('online', 'starting', 'none')]: 1,
      [transitions('online')]: 1,
      [transitions('recovered')]: 1,
      [transitions('offline', 'stale')]: 1,
    })
  })

  it('writes nothing for a heartbeat', async () => {
    const { credentials } = await onlineWorker(backend.t)
    const shards = () => backend.t.run((ctx) => ctx.db.query('metricShards').take(20))
    const before = await shards()
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    expect(await shards()).toEqual(before)
  })

  it('leaves out a worker that was revoked, and one whose machine was removed', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await makeWorker(owner, { machine: 'other' })
    await owner.as.mutation(api.workerAccess.revoke, { workerId: worker.workerId })
    const revoked = { [transitions('online')]: 1, [transitions('offline', 'revoked')]: 1 }
    expect(await fleetOf(backend.t)).toEqual({ ...revoked, [workers('offline', 'none', 'new')]: 1 })
    await owner.as.mutation(api.workerAccess.remove, { workerId: worker.workerId })
    expect(await fleetOf(backend.t)).toEqual({ ...revoked, [workers('offline', 'none', 'new')]: 1 })
    const other = await backend.t.run((ctx) => ctx.db.query('machines').order('desc').first())
    if (!other) throw new Error('a machine')
    await owner.as.mutation(api.machines.remove, { machineId: other._id })
    await passTime(backend.t, 6 * MINUTE)
    expect(await fleetOf(backend.t)).toEqual(revoked)
  })

  it('shows what fails again and again, until it does not any more', async () => {
    const { worker, credentials } = await onlineWorker(backend.t)
    let run = credentials
    const unstable = async () => (await scrape(backend.t)).get('rollcall_workers_unstable')
    for (let crashes = 0; crashes < 20 && (await unstable()) === 0; crashes++) {
      await backend.t.mutation(api.workers.reportExit, { witness: witnessOf(run), exitCode: 1 })
      run = await register(backend.t, worker)
    }
    expect(await unstable()).toBe(1)
    await backend.t.mutation(api.workers.goOffline, { credentials: run, reason: 'shutdown', evidence: {} })
    await passTime(backend.t, flapping.withinMs)
    expect(await unstable()).toBe(0)
  })
})

describe('ends and their detection', () => {
  const crash = async (evidence: { cause?: 'hung'; noticedAfterMs?: number }) => {
    const { credentials } = await onlineWorker(backend.t)
    await backend.t.mutation(api.workers.reportExit, { witness: witnessOf(credentials), ...evidence })
  }
  const bucket = (reason: string, le: string) =>
    `rollcall_detection_latency_seconds_bucket{reason="${reason}",le="${le}"}`

  it('tells how long a crash was not known, in cumulative buckets', async () => {
    await crash({ noticedAfterMs: 250 })
    const samples = await scrape(backend.t)
    expect(samples.get(bucket('crashed', '0.1'))).toBe(0)
    expect(samples.get(bucket('crashed', '0.25'))).toBe(1)
    expect(samples.get(bucket('crashed', '+Inf'))).toBe(1)
    expect(samples.get('rollcall_detection_latency_seconds_sum{reason="crashed"}')).toBe(0.25)
    expect(samples.get('rollcall_detection_latency_seconds_count{reason="crashed"}')).toBe(1)
    expect(samples.get('rollcall_detection_latency_seconds_count{reason="stale"}')).toBe(0)
  })

  it('counts no latency that nobody measured', async () => {
    await crash({})
    const samples = await scrape(backend.t)
    expect(samples.get('rollcall_detection_latency_seconds_count{reason="crashed"}')).toBe(0)
  })

  it('tells of a loss from the last heartbeat on', async () => {
    await onlineWorker(backend.t)
    await passTime(backend.t, 93 * SECOND)
    const samples = await scrape(backend.t)
    expect(samples.get(bucket('stale', '60'))).toBe(0)
    expect(samples.get(bucket('stale', '92'))).toBe(1)
  })

  it('counts hangs, and drains that came to no end', async () => {
    await crash({ cause: 'hung' })
    const names = ['rollcall_hung_ends_total', 'rollcall_unfinished_drains_total']
    expect(countsOf(await scrape(backend.t), ...names)).toEqual({ rollcall_hung_ends_total: 1 })
    const worker = await makeWorker(await makeOwner(backend.t, 'bob@example.com'))
    const credentials = await register(backend.t, worker)
    await backend.t.mutation(api.workers.beginDraining, { credentials, cause: 'SIGTERM', deadlineMs: 10 })
    await backend.t.mutation(api.workers.reportExit, { witness: witnessOf(credentials), exitCode: 1 })
    expect(countsOf(await scrape(backend.t), ...names)).toEqual({
      rollcall_hung_ends_total: 1,
      rollcall_unfinished_drains_total: 1,
    })
  })
})

describe('sweeps', () => {
  const sweeps = (outcome: string) => `rollcall_sweeps_total{outcome="${outcome}"}`

  it('counts a batch in one document', async () => {
    await makeFleet(backend.t, 5)
    vi.setSystemTime(Date.now() + 91 * SECOND)
    await sweepNow(backend.t)
    const shards = await backend.t.run((ctx) => ctx.db.query('metricShards').take(20))
    const counting = shards.filter(({ counts }) => counts['transitions.offline.stale'] !== undefined)
    expect(counting.map(({ counts }) => counts['transitions.offline.stale'])).toEqual([5])
    expect(countsOf(await scrape(backend.t), 'rollcall_sweep', 'rollcall_workers')).toMatchObject({
      [sweeps('marked')]: 1,
      rollcall_sweep_marked_workers_total: 5,
      [workers('offline', 'none', 'stale')]: 5,
    })
  })

  it('counts those that find nobody, and graces by their cause', async () => {
    await onlineWorker(backend.t)
    await sweepNow(backend.t)
    expect(countsOf(await scrape(backend.t), 'rollcall_sweeps_total')).toEqual({ [sweeps('idle')]: 1 })
    vi.setSystemTime(Date.now() + 10 * MINUTE)
    await sweepNow(backend.t)
    expect(countsOf(await scrape(backend.t), 'rollcall_sweeps_total')).toEqual({
      [sweeps('idle')]: 1,
      [sweeps('backend-gap')]: 1,
    })
  })

  it('tells when the last one ran and since when the next one is overdue', async () => {
    expect((await scrape(backend.t)).has('rollcall_sweep_last_run_timestamp_seconds')).toBe(false)
    const startedAt = Date.now()
    await onlineWorker(backend.t)
    const overdue = async () => (await scrape(backend.t)).get('rollcall_sweep_overdue_seconds')
    expect(await overdue()).toBe(0)
    vi.setSystemTime(startedAt + 100 * SECOND)
    expect(await overdue()).toBeCloseTo(10, 0)
    expect((await scrape(backend.t)).get('rollcall_sweep_last_run_timestamp_seconds')).toBe(
      startedAt / SECOND,
    )
  })
})

describe('chats', () => {
  it('counts what is queued, open and ended', async () => {
    const { owner, worker, credentials } = await onlineWorker(backend.t)
    const { workerId } = worker
    const ofChats = async () => countsOf(await scrape(backend.t), 'rollcall_sessions', 'rollcall_answers')
    const sessionId = await owner.as.mutation(api.chat.startSession, { workerId })
    for (const text of ['a', 'b', 'c']) await owner.as.mutation(api.chat.sendMessage, { sessionId, text })
    expect(await ofChats()).toEqual({ rollcall_sessions_active: 1, rollcall_answers_queued: 3 })
    const claimNext = async () => {
      const [next] = await backend.t.query(api.answers.queued, { credentials })
      if (!next) throw new Error('three are queued')
      await backend.t.mutation(api.answers.claim, { credentials, messageId: next.messageId })
      return next.messageId
    }
    await backend.t.mutation(api.answers.complete, { credentials, messageId: await claimNext() })
    await claimNext()
    await backend.t.mutation(api.workers.reportExit, { witness: witnessOf(credentials), exitCode: 1 })
    const ended = {
      'rollcall_answers_total{outcome="completed"}': 1,
      'rollcall_answers_total{outcome="interrupted"}': 1,
    }
    expect(await ofChats()).toEqual({ ...ended, rollcall_answers_queued: 1 })
    await owner.as.mutation(api.chat.endSession, { sessionId })
    expect(await ofChats()).toEqual({ ...ended, 'rollcall_answers_total{outcome="failed"}': 1 })
  })
})
