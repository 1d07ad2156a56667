import { describe, expect, it, vi } from 'vitest'
import { DAY, HALF_HOUR, HOUR, MINUTE, SECOND } from '../contract'
import { api } from '../convex/_generated/api'
import { daysSince } from '../convex/model/uptime'
import {
  expectRefusal,
  makeOwner,
  onlineWorker,
  passTime,
  register,
  useBackend,
  WITNESS_KEY,
  type WorkerFixture,
} from './setup'

const backend = useBackend()

type Online = Awaited<ReturnType<typeof onlineWorker>>
const NOON = 20_000 * DAY + 12 * HOUR

async function onlineAtNoon(): Promise<Online> {
  vi.setSystemTime(NOON)
  return await onlineWorker(backend.t)
}

const days = ({ workerId }: WorkerFixture) =>
  backend.t.run((ctx) => daysSince(ctx, workerId, Math.floor(Date.now() / DAY) - 31))

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

const shutDown = ({ credentials }: Pick<Online, 'credentials'>) =>
  backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })

const reportExit = ({ workerId, epoch }: Online['credentials'], noticedAfterMs?: number) =>
  backend.t.mutation(api.workers.reportExit, {
    witness: { workerId, epoch, key: WITNESS_KEY },
    signal: 'SIGKILL',
    ...(noticedAfterMs !== undefined && { noticedAfterMs }),
  })

describe('a worker’s uptime', () => {
  it('is counted by half hours, up to the last transition', async () => {
    const online = await onlineAtNoon()
    vi.setSystemTime(NOON + 45 * MINUTE)
    await shutDown(online)
    const [today] = await days(online.worker)
    expect(today).toMatchObject({ day: 20_000, until: NOON + 45 * MINUTE, state: 'stopped' })
    const { spent } = today ?? {}
    expect(spent?.online.slice(23, 27)).toEqual([0, HALF_HOUR, 15 * MINUTE, 0])
    expect(sum([...(spent?.stopped ?? []), ...(spent?.lost ?? []), ...(spent?.crashed ?? [])])).toBe(0)
    expect(today?.ends).toEqual({ shutdown: 1, crashed: 0, stale: 0, superseded: 0, revoked: 0 })
  })

  it('tells what was stopped on purpose from a crash', async () => {
    const online = await onlineAtNoon()
    vi.setSystemTime(NOON + MINUTE)
    await shutDown(online)
    vi.setSystemTime(NOON + 3 * MINUTE)
    const again = await register(backend.t, online.worker)
    vi.setSystemTime(NOON + 7 * MINUTE)
    await reportExit(again)
    vi.setSystemTime(NOON + 15 * MINUTE)
    await register(backend.t, online.worker)
    const [today] = await days(online.worker)
    const { spent } = today ?? {}
    expect([spent?.online[24], spent?.stopped[24], spent?.crashed[24]]).toEqual([
      5 * MINUTE,
      2 * MINUTE,
      8 * MINUTE,
    ])
  })

  it('counts a loss from the last heartbeat on, and what is unknown as lost', async () => {
    const { worker, credentials } = await onlineAtNoon()
    await passTime(backend.t, 10 * SECOND)
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    await passTime(backend.t, 5 * MINUTE - 10 * SECOND)
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 2 })
    const [today] = await days(worker)
    expect(today?.spent.online[24]).toBe(10 * SECOND)
    expect(today?.spent.lost[24]).toBe(5 * MINUTE - 10 * SECOND)
    expect(today?.ends.stale).toBe(1)
    expect(today?.noticed.stale?.count).toBe(1)
    expect(today?.noticed.stale?.longestMs).toBeGreaterThanOrEqual(90 * SECOND)
    expect(today?.noticed.stale?.longestMs).toBeLessThanOrEqual(92 * SECOND)
  })

  it('goes on over days without a transition by what the older one says', async () => {
    const online = await onlineAtNoon()
    vi.setSystemTime(NOON + 3 * DAY)
    await shutDown(online)
    const [today, first, ...others] = await days(online.worker)
    expect(others).toEqual([])
    expect(first).toMatchObject({ day: 20_000, state: 'online', until: NOON })
    expect(sum(first?.spent.online ?? [])).toBe(0)
    expect(sum(today?.spent.online ?? [])).toBe(12 * HOUR)
  })

  it('measures how long a crash was known to its supervisor only', async () => {
    const { worker, credentials } = await onlineAtNoon()
    await reportExit(credentials, 40)
    await reportExit(await register(backend.t, worker), 100)
    const [today] = await days(worker)
    expect(today?.noticed).toEqual({ crashed: { count: 2, totalMs: 140, longestMs: 100 } })
    const { epoch } = await register(backend.t, worker)
    await expectRefusal(reportExit({ ...credentials, epoch }, -1), 'ARGUMENT_INVALID')
  })

  it('keeps what the longest bar shows, and the state before it', async () => {
    const online = await onlineAtNoon()
    const { worker } = online
    let { credentials } = online
    for (let day = 1; day <= 40; day++) {
      vi.setSystemTime(NOON + day * DAY)
      await shutDown({ credentials })
      credentials = await register(backend.t, worker)
    }
    const kept = await backend.t.run((ctx) => ctx.db.query('uptimeDays').take(100))
    expect(kept.length).toBeLessThanOrEqual(34)
    expect(Math.min(...kept.map(({ day }) => day))).toBeLessThan(20_040 - 31)
    expect(await days(worker)).toHaveLength(33)
  })

  it('is told to whoever may see the worker, for as long as it is kept', async () => {
    const { owner, worker } = await onlineAtNoon()
    const { workerId } = worker
    const fromDay = 20_000 - 1
    expect(await owner.as.query(api.workerHistory.uptime, { workerId, fromDay })).toMatchObject([
      { day: 20_000, state: 'online' },
    ])
    for (const wrong of [fromDay - 31, 0.5, Number.NaN, 20_002]) {
      const call = owner.as.query(api.workerHistory.uptime, { workerId, fromDay: wrong })
      await expectRefusal(call, 'ARGUMENT_INVALID')
    }
    const eve = await makeOwner(backend.t, 'eve@example.com')
    await expectRefusal(eve.as.query(api.workerHistory.uptime, { workerId, fromDay }), 'NOT_FOUND')
  })
})

describe('a worker’s history', () => {
  it('can be narrowed to one reason', async () => {
    const { owner, worker, credentials } = await onlineAtNoon()
    await reportExit(credentials)
    await shutDown({ credentials: await register(backend.t, worker) })
    const ask = (reason?: 'crashed' | 'revoked') =>
      owner.as.query(api.workerHistory.events, {
        ...{ workerId: worker.workerId, paginationOpts: { numItems: 10, cursor: null } },
        ...(reason && { reason }),
      })
    expect((await ask()).page).toHaveLength(4)
    expect((await ask('crashed')).page).toMatchObject([{ epoch: 1, what: { reason: 'crashed' } }])
    expect((await ask('revoked')).page).toEqual([])
  })

  it('has the last heartbeat, with the interval that is expected', async () => {
    const { owner, worker, credentials } = await onlineAtNoon()
    vi.setSystemTime(NOON + 30 * SECOND)
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    const { workerId } = worker
    expect(await owner.as.query(api.workerHistory.heartbeat, { workerId })).toEqual({
      at: NOON + 30 * SECOND,
      intervalMs: 30 * SECOND,
    })
  })
})
