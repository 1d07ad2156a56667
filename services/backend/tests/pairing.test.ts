import { describe, expect, it, vi } from 'vitest'
import { errorOf, limits } from '../contract'
import { api } from '../convex/_generated/api'
import { sha256 } from '../convex/model/tokens'
import { expectRefusal, makeOwner, readWorker, register, useBackend, type Owner } from './setup'

const backend = useBackend()
const host = { hostname: 'laptop', user: 'bob', directory: '/src', workerName: 'web' }

async function join(secret = 's'.repeat(43)) {
  const started = await backend.t.action(api.pairing.start, { secretHash: await sha256(secret), host })
  return { ...started, secret }
}

type Joining = Awaited<ReturnType<typeof join>>

const outcome = ({ pairingId, secret }: Joining) =>
  backend.t.query(api.pairing.outcome, { pairingId, secret })

const approve = ({ as }: Owner, { code }: { code: string }, workerName = 'web') =>
  as.action(api.pairing.approve, { code, place: { newMachine: 'laptop' }, workerName })

describe('a worker without a token', () => {
  it('shows a code; who types it, however, sees whom it is about and lets it in; its secret opens the worker', async () => {
    const joining = await join()
    expect(joining.code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/)
    expect(await outcome(joining)).toEqual({ kind: 'waiting' })
    const owner = await makeOwner(backend.t)
    const typed = ` ${joining.code.slice(0, 4).toLowerCase()}-${joining.code.slice(4)} `
    expect(await owner.as.action(api.pairing.look, { code: typed })).toMatchObject({
      host,
      expiresAt: Date.now() + limits.pairingMs,
    })
    const { workerId } = await approve(owner, { code: typed })
    const approved = await outcome(joining)
    expect(approved).toMatchObject({
      ...{ kind: 'approved', workerId, machine: 'laptop', worker: 'web', by: 'ada@example.com' },
    })
    if (approved.kind !== 'approved') throw new Error('it was approved')
    const worker = { workerId, machineId: approved.machineId, secret: joining.secret }
    expect(await readWorker(backend.t, worker)).toMatchObject({ approval: 'approved', name: 'web' })
    expect(await register(backend.t, worker)).toMatchObject({ epoch: 1 })
    expect((await owner.as.query(api.account.trail, page)).page).toMatchObject([
      { by: 'ada@example.com', what: { kind: 'workerPaired', host, machine: 'laptop', worker: 'web' } },
    ])
  })

  it('is let in by one of two who have its code', async () => {
    const joining = await join()
    const ada = await makeOwner(backend.t)
    const eve = await makeOwner(backend.t, 'eve@example.com')
    const both = await Promise.allSettled([approve(ada, joining), approve(eve, joining)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [lost] = both.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    expect(errorOf(lost)?.code).toBe('PAIRING_CODE_INVALID')
    expect(await backend.t.run((ctx) => ctx.db.query('workers').take(9))).toHaveLength(1)
  })

  it('is told when somebody turns it away, and its code is spent', async () => {
    const joining = await join()
    const ada = await makeOwner(backend.t)
    await ada.as.action(api.pairing.deny, { code: joining.code })
    expect(await outcome(joining)).toEqual({ kind: 'denied', by: 'ada@example.com' })
    await expectRefusal(approve(ada, joining), 'PAIRING_CODE_INVALID')
  })

  it('has ten minutes; what is old is forgotten', async () => {
    const joining = await join()
    const ada = await makeOwner(backend.t)
    vi.advanceTimersByTime(limits.pairingMs)
    expect(await outcome(joining)).toEqual({ kind: 'expired' })
    await expectRefusal(approve(ada, joining), 'PAIRING_CODE_INVALID')
    await join('t'.repeat(43))
    await expectRefusal(outcome(joining), 'NOT_FOUND')
  })

  it('keeps its code when the name or the machine is refused', async () => {
    const joining = await join()
    const ada = await makeOwner(backend.t)
    const eve = await makeOwner(backend.t, 'eve@example.com')
    const machineId = await eve.as.mutation(api.machines.create, { name: 'hers' })
    const { code } = joining
    await expectRefusal(
      ada.as.action(api.pairing.approve, { code, place: { machineId }, workerName: 'web' }),
      'NOT_FOUND',
    )
    await expectRefusal(approve(ada, joining, ' '), 'NAME_INVALID')
    expect(await ada.as.query(api.machines.list, page)).toMatchObject({ page: [] })
    await approve(ada, joining)
  })

  it('asks for codes now and then, not without end, and is told when to ask again', async () => {
    for (let i = 0; i < 20; i++) await join()
    const refused = errorOf(await expectRefusal(join(), 'RATE_LIMITED'))
    expect(refused?.retryAt).toBe(Date.now() + 30_000)
    vi.advanceTimersByTime(30_000)
    await join()
  })
})

describe('codes', () => {
  it('cannot be guessed: after ten wrong ones nobody is told anything until the time that they are told', async () => {
    const joining = await join()
    const eve = await makeOwner(backend.t, 'eve@example.com')
    const guess = (code: string) => eve.as.action(api.pairing.look, { code })
    for (let i = 0; i < 10; i++) await expectRefusal(guess('BBBBBBBB'), 'PAIRING_CODE_INVALID')
    const refused = errorOf(await expectRefusal(guess('BBBBBBBB'), 'RATE_LIMITED'))
    expect(refused?.retryAt).toBe(Date.now() + 60_000)
    expect(refused?.message).toMatch(/Try again in 60 s/)
    await expectRefusal(guess(joining.code), 'RATE_LIMITED')
    const ada = await makeOwner(backend.t)
    await ada.as.action(api.pairing.look, { code: joining.code })
  })
})

const page = { paginationOpts: { numItems: 10, cursor: null } }
