import { describe, expect, it, vi } from 'vitest'
import { DAY, limits, type SharedRole } from '../contract'
import { api } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import { expectRefusal, makeOwner, makeWorker, onlineWorker, passTime, useBackend, type Owner } from './setup'

const backend = useBackend()

const invite = async (owner: Owner, machineId: Id<'machines'>, role: SharedRole) =>
  (await owner.as.action(api.invitations.create, { share: { machineId, role } })).token

async function share(owner: Owner, guest: Owner, machineId: Id<'machines'>, role: SharedRole): Promise<void> {
  await guest.as.mutation(api.invitations.accept, { token: await invite(owner, machineId, role) })
}

async function sharedWorker(role: SharedRole) {
  const { owner, worker } = await onlineWorker(backend.t)
  const guest = await makeOwner(backend.t, 'bob@example.com')
  await share(owner, guest, worker.machineId, role)
  return { owner, guest, ...worker }
}

describe('a shared machine', () => {
  it('is seen by whom it is shared with, with their role and its owner, and by nobody else', async () => {
    const { guest, machineId } = await sharedWorker('viewer')
    expect(await guest.as.query(api.machines.shared, {})).toMatchObject([
      { id: machineId, role: 'viewer', owner: 'ada@example.com' },
    ])
    expect(await guest.as.query(api.workers.list, { machineId })).toMatchObject([
      { name: 'api', role: 'viewer' },
    ])
    const eve = await makeOwner(backend.t, 'eve@example.com')
    expect(await eve.as.query(api.machines.shared, {})).toEqual([])
  })

  it('keeps each person’s chats to themselves, the owner’s and the guest’s', async () => {
    const { owner, guest, workerId } = await sharedWorker('operator')
    const ofOwner = await owner.as.mutation(api.chat.startSession, { workerId })
    const ofGuest = await guest.as.mutation(api.chat.startSession, { workerId })
    await expectRefusal(guest.as.query(api.chat.getSession, { sessionId: ofOwner }), 'NOT_FOUND')
    await expectRefusal(owner.as.query(api.chat.getSession, { sessionId: ofGuest }), 'NOT_FOUND')
    expect(await owner.as.query(api.chat.listSessions, { workerId })).toHaveLength(1)
  })

  it('lets somebody who became a viewer read and end the chats they started, and write no more', async () => {
    const { owner, guest, machineId, workerId } = await sharedWorker('operator')
    const sessionId = await guest.as.mutation(api.chat.startSession, { workerId })
    await share(owner, guest, machineId, 'viewer')
    expect(await owner.as.query(api.shares.list, { machineId })).toMatchObject([
      { person: 'bob@example.com', role: 'viewer' },
    ])
    await expectRefusal(guest.as.mutation(api.chat.sendMessage, { sessionId, text: 'hello' }), 'FORBIDDEN')
    await expectRefusal(guest.as.mutation(api.chat.startSession, { workerId }), 'FORBIDDEN')
    expect(await guest.as.query(api.chat.getSession, { sessionId })).toMatchObject({ status: 'active' })
    await guest.as.mutation(api.chat.endSession, { sessionId })
  })

  it('is gone at once for whom the owner takes it from, and what they had asked is not answered', async () => {
    const { owner, guest, machineId, workerId } = await sharedWorker('operator')
    const sessions = []
    for (let i = 0; i < 25; i++) sessions.push(await guest.as.mutation(api.chat.startSession, { workerId }))
    const [sessionId] = sessions
    if (!sessionId) throw new Error('chats were started')
    await guest.as.mutation(api.chat.sendMessage, { sessionId, text: 'first' })
    await owner.as.mutation(api.shares.end, { machineId, userId: guest.userId })
    expect(await guest.as.query(api.machines.shared, {})).toEqual([])
    for (const call of [
      guest.as.query(api.chat.getSession, { sessionId }),
      guest.as.mutation(api.chat.sendMessage, { sessionId, text: 'second' }),
      guest.as.query(api.workers.get, { workerId }),
    ])
      await expectRefusal(call, 'NOT_FOUND')
    await passTime(backend.t, 5_000)
    const left = await backend.t.run(async (ctx) => ({
      sessions: (await ctx.db.query('sessions').take(100)).filter(({ status }) => status !== 'ended'),
      queued: (await ctx.db.query('messages').take(100)).filter(({ status }) => status === 'queued'),
    }))
    expect(left).toEqual({ sessions: [], queued: [] })
  })

  it('can be left, and is shared with nobody after its removal', async () => {
    const { owner, guest, machineId } = await sharedWorker('viewer')
    await guest.as.mutation(api.shares.end, { machineId, userId: guest.userId })
    expect(await owner.as.query(api.shares.list, { machineId })).toEqual([])
    await expectRefusal(owner.as.mutation(api.shares.end, { machineId, userId: guest.userId }), 'NOT_FOUND')
    const token = await invite(owner, machineId, 'viewer')
    await share(owner, guest, machineId, 'viewer')
    await owner.as.mutation(api.machines.remove, { machineId })
    expect(await guest.as.query(api.machines.shared, {})).toEqual([])
    await expectRefusal(guest.as.mutation(api.invitations.accept, { token }), 'INVITATION_INVALID')
    expect(await backend.t.run((ctx) => ctx.db.query('shares').take(9))).toEqual([])
  })
})

describe('an invitation to a machine', () => {
  it('says what it offers and from whom, and is one person’s, of two who come at once', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const token = await invite(owner, worker.machineId, 'operator')
    const people = [
      await makeOwner(backend.t, 'bob@example.com'),
      await makeOwner(backend.t, 'eve@example.com'),
    ]
    const offered = { machine: 'build-03', owner: 'ada@example.com', role: 'operator' }
    expect(await people[0]?.as.query(api.invitations.look, { token })).toEqual(offered)
    expect(await owner.as.query(api.invitations.look, { token })).toEqual({ ...offered, present: 'owner' })
    const both = await Promise.allSettled(
      people.map(({ as }) => as.mutation(api.invitations.accept, { token })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await owner.as.query(api.shares.list, { machineId: worker.machineId })).toHaveLength(1)
  })

  it('is worth nothing once withdrawn or expired, and none to an account', async () => {
    const owner = await makeOwner(backend.t)
    const { machineId } = await makeWorker(owner)
    const guest = await makeOwner(backend.t, 'bob@example.com')
    const withdrawn = await invite(owner, machineId, 'viewer')
    const [open] = await owner.as.query(api.invitations.list, { machineId })
    if (!open) throw new Error('one is open')
    await expectRefusal(guest.as.mutation(api.invitations.withdraw, { invitationId: open.id }), 'NOT_FOUND')
    await owner.as.mutation(api.invitations.withdraw, { invitationId: open.id })
    await expectRefusal(guest.as.mutation(api.invitations.accept, { token: withdrawn }), 'INVITATION_INVALID')

    const late = await invite(owner, machineId, 'viewer')
    vi.advanceTimersByTime(8 * DAY)
    await expectRefusal(guest.as.query(api.invitations.look, { token: late }), 'INVITATION_INVALID')
    await expectRefusal(guest.as.mutation(api.invitations.accept, { token: late }), 'INVITATION_INVALID')

    await backend.t.run((ctx) => ctx.db.patch('users', owner.userId, { isAdmin: true }))
    const { token: toAccount } = await owner.as.action(api.invitations.create, {})
    await expectRefusal(guest.as.mutation(api.invitations.accept, { token: toAccount }), 'INVITATION_INVALID')
  })

  it('cannot be had without end', async () => {
    const owner = await makeOwner(backend.t)
    const { machineId } = await makeWorker(owner)
    for (let i = 0; i < limits.invitations; i++) await invite(owner, machineId, 'viewer')
    await expectRefusal(invite(owner, machineId, 'viewer'), 'LIMIT_REACHED')
  })
})
