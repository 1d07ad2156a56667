import { describe, expect, it } from 'vitest'
import { api } from '../convex/_generated/api'
import type { Id, TableNames } from '../convex/_generated/dataModel'
import { expectRefusal, makeOwner, makeWorker, onlineWorker, passTime, signedInAs, useBackend } from './setup'
import { MINUTE } from '../contract'
import { everything, makeWorld } from './everyFunction'

const backend = useBackend()
const page = { paginationOpts: { numItems: 50, cursor: null } }

describe('a sign-in', () => {
  it('is listed, and ended from another browser: nothing that it asks is answered any more', async () => {
    const ada = await makeOwner(backend.t)
    const laptop = await signedInAs(backend.t, ada.userId)
    const listed = await laptop.query(api.account.signIns, {})
    expect(listed.map(({ isThis }) => isThis)).toEqual([true, false])
    const signInId = listed[1]?.id as Id<'authSessions'>
    await laptop.mutation(api.account.endSignIn, { signInId })
    await expectRefusal(ada.as.query(api.users.me, {}), 'UNAUTHENTICATED')
    await expectRefusal(ada.as.mutation(api.machines.create, { name: 'x' }), 'UNAUTHENTICATED')
    await expectRefusal(ada.as.action(api.pairing.look, { code: 'x' }), 'UNAUTHENTICATED')
    expect(await laptop.query(api.account.signIns, {})).toMatchObject([{ isThis: true }])
    await expectRefusal(laptop.mutation(api.account.endSignIn, { signInId }), 'NOT_FOUND')
  })
})

describe('the trail', () => {
  it('tells a machine’s owner who approved, replaced, revoked, removed and shared, and nobody else', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const { machineId, workerId } = worker
    const guest = await makeOwner(backend.t, 'bob@example.com')
    const { token } = await owner.as.action(api.invitations.create, { share: { machineId, role: 'viewer' } })
    await guest.as.mutation(api.invitations.accept, { token })
    await guest.as.mutation(api.shares.end, { machineId, userId: guest.userId })
    await owner.as.action(api.workerAccess.rotate, { workerId })
    await owner.as.mutation(api.workerAccess.revoke, { workerId })
    await owner.as.mutation(api.machines.remove, { machineId })
    const trail = await owner.as.query(api.account.trail, page)
    const person = 'bob@example.com'
    expect(trail.page.map(({ by, what }) => [by, what])).toEqual([
      ['ada@example.com', { kind: 'machineRemoved', machine: 'build-03' }],
      ['ada@example.com', { kind: 'workerRevoked', machine: 'build-03', worker: 'api' }],
      ['ada@example.com', { kind: 'tokenReplaced', machine: 'build-03', worker: 'api' }],
      [person, { kind: 'shareEnded', machine: 'build-03', person }],
      [person, { kind: 'shared', machine: 'build-03', person, role: 'viewer' }],
      ['ada@example.com', { kind: 'workerApproved', machine: 'build-03', worker: 'api' }],
      ['ada@example.com', { kind: 'workerAdded', machine: 'build-03', worker: 'api' }],
    ])
    expect((await guest.as.query(api.account.trail, page)).page).toEqual([])
  })

  it('has nothing of what was refused or was so already', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const before = (await owner.as.query(api.account.trail, page)).page.length
    const eve = await makeOwner(backend.t, 'eve@example.com')
    await owner.as.mutation(api.workerAccess.approve, { workerId: worker.workerId })
    await expectRefusal(eve.as.mutation(api.workerAccess.revoke, { workerId: worker.workerId }), 'NOT_FOUND')
    expect((await owner.as.query(api.account.trail, page)).page).toHaveLength(before)
  })
})

describe('the end of an account', () => {
  it('takes its email, and leaves no deployment with people and without an administrator', async () => {
    const ada = await makeOwner(backend.t)
    await backend.t.run((ctx) => ctx.db.patch('users', ada.userId, { isAdmin: true }))
    const bob = await makeOwner(backend.t, 'bob@example.com')
    await expectRefusal(bob.as.mutation(api.account.remove, { email: 'ada@example.com' }), 'ARGUMENT_INVALID')
    await expectRefusal(
      ada.as.mutation(api.account.remove, { email: 'ada@example.com' }),
      'LAST_ADMINISTRATOR',
    )
    await bob.as.mutation(api.account.remove, { email: 'Bob@example.com ' })
    await expectRefusal(bob.as.query(api.users.me, {}), 'UNAUTHENTICATED')
    await ada.as.mutation(api.account.remove, { email: 'ada@example.com' })
  })

  it('takes along all that was its own, on its machines and on those of others, and nothing else', async () => {
    const bob = await makeOwner(backend.t, 'bob@example.com')
    const lent = await makeWorker(bob, { machine: 'lent' })
    const before = await rows()
    const world = await makeWorld(backend.t)
    const { owner } = world
    const { token } = await bob.as.action(api.invitations.create, {
      share: { machineId: lent.machineId, role: 'operator' },
    })
    await owner.as.mutation(api.invitations.accept, { token })
    await backend.t.run(async (ctx) => {
      const sessionId = await ctx.db.insert('sessions', {
        ...{ workerId: lent.workerId, userId: owner.userId, title: 'x', status: 'active' as const },
        lastMessageAt: 1,
      })
      for (let i = 0; i < 25; i++) {
        const said = { role: 'user' as const, status: 'completed' as const, text: 'x' }
        await ctx.db.insert('messages', { sessionId, workerId: lent.workerId, ...said })
      }
    })
    // Somebody who stays in charge.
    await backend.t.run((ctx) => ctx.db.patch('users', bob.userId, { isAdmin: true }))
    await owner.as.mutation(api.account.remove, { email: 'ada@example.com' })
    await passTime(backend.t, 6 * MINUTE)
    const left = (await everything(world)).filter(({ _id }) => !before.has(_id))
    const others = [world.stranger, world.operator, world.viewer].map(({ userId }) => userId as string)
    const unexpected = left.filter((document) => {
      const belongsTo = 'userId' in document ? document.userId : document._id
      // Of others; or that Ada shared Bob's machine, which is in his trail; or of nobody.
      return !others.includes(belongsTo) && belongsTo !== bob.userId && !ofNobody(document)
    })
    expect(unexpected).toEqual([])
  })
})

/** The detector's, an administrator's invitation and webhook, a worker that waits to join somebody, and numbers of the whole fleet. */
const ofNobody = (document: object) =>
  ['nextRunAt', 'tokenHash', 'url', 'code', 'shard', 'samples'].some((field) => field in document)

async function rows(): Promise<Set<string>> {
  const tables: TableNames[] = ['users', 'machines', 'workers', 'liveness', 'auditEvents', 'authSessions']
  const all = await backend.t.run((ctx) => Promise.all(tables.map((table) => ctx.db.query(table).take(100))))
  return new Set(all.flat().map(({ _id }) => _id as string))
}
