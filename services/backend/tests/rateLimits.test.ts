import { describe, expect, it, vi } from 'vitest'
import { DAY, MINUTE, errorOf } from '../contract'
import { api } from '../convex/_generated/api'
import {
  expectRefusal,
  makeOwner,
  makeWorker,
  onlineWorker,
  passTime,
  readWorker,
  register,
  useBackend,
} from './setup'

const backend = useBackend()

describe('wrong secrets', () => {
  it('are refused with the time to wait after ten, and keep nobody out who has the right one', async () => {
    const worker = await makeWorker(await makeOwner(backend.t))
    const guess = () => register(backend.t, { ...worker, secret: 'x'.repeat(43) })
    for (let i = 0; i < 10; i++) await expectRefusal(guess(), 'WRONG_SECRET')
    const refused = errorOf(await expectRefusal(guess(), 'RATE_LIMITED'))
    expect(refused?.retryAt).toBe(Date.now() + MINUTE)
    expect((await register(backend.t, worker)).epoch).toBe(1)
    vi.advanceTimersByTime(MINUTE)
    await expectRefusal(guess(), 'WRONG_SECRET')
  })
})

describe('messages', () => {
  it('are sixty at once, then one a second, for each person', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const start = () => owner.as.mutation(api.chat.startSession, { workerId: worker.workerId })
    for (let i = 0; i < 60; i++) await start()
    const refused = errorOf(await expectRefusal(start(), 'RATE_LIMITED'))
    expect(refused?.retryAt).toBe(Date.now() + 1_000)
    vi.advanceTimersByTime(1_000)
    await start()
  })
})

describe('a token with a term', () => {
  it('ends when it said: the worker is offline then, and told why', async () => {
    const owner = await makeOwner(backend.t)
    const worker = await makeWorker(owner)
    const { token } = await owner.as.action(api.workerAccess.rotate, { workerId: worker.workerId, term: 1 })
    const secret = token.slice(token.indexOf('secret_') + 'secret_'.length)
    const credentials = await register(backend.t, { ...worker, secret })
    const beat = (seq: number) => backend.t.mutation(api.workers.heartbeat, { credentials, seq })
    vi.advanceTimersByTime(DAY - MINUTE)
    await beat(1)
    await passTime(backend.t, MINUTE)
    expect(await readWorker(backend.t, worker)).toMatchObject({
      status: 'offline',
      offline: { reason: 'revoked', evidence: { message: 'Its token has expired.' } },
    })
    await expectRefusal(beat(2), 'TOKEN_EXPIRED')
    await expectRefusal(register(backend.t, { ...worker, secret }), 'TOKEN_EXPIRED')
    await owner.as.action(api.workerAccess.rotate, { workerId: worker.workerId })
    expect((await readWorker(backend.t, worker)).tokenExpiresAt).toBeUndefined()
  })

  it('has whole days, up to a year', async () => {
    const owner = await makeOwner(backend.t)
    const { workerId } = await makeWorker(owner)
    for (const term of [0, 0.5, 366, Number.NaN]) {
      await expectRefusal(owner.as.action(api.workerAccess.rotate, { workerId, term }), 'ARGUMENT_INVALID')
    }
  })
})
