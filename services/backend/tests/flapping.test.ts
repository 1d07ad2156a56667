import { describe, expect, it, vi } from 'vitest'
import { defaultSettings, flapping, HOUR, MINUTE } from '../contract'
import { api } from '../convex/_generated/api'
import { onlineWorker, passTime, readWorker, register, useBackend, WITNESS_KEY } from './setup'

const backend = useBackend()

const FAILURES = defaultSettings.unstableFailures

async function crashes(times: number, everyMs = MINUTE) {
  const online = await onlineWorker(backend.t)
  let { credentials } = online
  for (let crash = 0; crash < times; crash++) {
    vi.setSystemTime(Date.now() + everyMs)
    const { workerId, epoch } = credentials
    await backend.t.mutation(api.workers.reportExit, { witness: { workerId, epoch, key: WITNESS_KEY } })
    credentials = await register(backend.t, online.worker)
  }
  const { workerId } = online.worker
  const seen = async () => (await online.owner.as.query(api.workers.get, { workerId })).unstable
  return { ...online, credentials, seen }
}

const beats = async (credentials: Awaited<ReturnType<typeof register>>, ms: number) => {
  for (let passed = 0; passed < ms; passed += MINUTE) {
    await passTime(backend.t, MINUTE)
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 + passed / MINUTE })
  }
}

describe('a worker that fails again and again', () => {
  it('is unstable from the fifth failure within an hour on, not before', async () => {
    expect(await (await crashes(FAILURES - 1)).seen()).toBeUndefined()
  })

  it('says how often and when last, and is stable again when too few of them count', async () => {
    const { seen, credentials } = await crashes(FAILURES)
    // When this one counts no more, half as many are left.
    const third = Date.now() - 2 * MINUTE
    expect(await seen()).toEqual({ failures: FAILURES, lastAt: Date.now() })
    await beats(credentials, third + HOUR - MINUTE - Date.now())
    expect(await seen()).toBeDefined()
    await beats(credentials, 2 * MINUTE)
    expect(await seen()).toBeUndefined()
  })

  it('stays unstable while it goes on failing, with one look pending', async () => {
    const { seen, worker } = await crashes(3 * FAILURES)
    expect(await seen()).toMatchObject({ failures: 3 * FAILURES })
    const pending = await backend.t.run((ctx) => ctx.db.system.query('_scheduled_functions').take(100))
    const looks = pending.filter(({ name, state }) => /settleFlapping/.test(name) && state.kind === 'pending')
    expect(looks).toHaveLength(1)
    await passTime(backend.t, HOUR - 10 * MINUTE)
    expect((await readWorker(backend.t, worker)).isUnstable).toBe(true)
    await passTime(backend.t, HOUR)
    expect((await readWorker(backend.t, worker)).isUnstable).toBeUndefined()
  })

  it('is not so for failures hours apart, and remembers a bounded number', async () => {
    const { seen } = await crashes(FAILURES, HOUR / (FAILURES - 1) + MINUTE)
    expect(await seen()).toBeUndefined()
    const { worker } = await crashes(flapping.remembered + 5, 1_000)
    expect((await readWorker(backend.t, worker)).failures).toHaveLength(flapping.remembered)
  })
})
