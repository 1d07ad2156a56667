import { describe, expect, it } from 'vitest'
import type { PolicyChoice } from '../contract'
import { api } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import {
  expectRefusal,
  makeOwner,
  makeWorker,
  onlineWorker,
  readWorker,
  register,
  useBackend,
  type Owner,
  type WorkerFixture,
} from './setup'

const backend = useBackend()

const set = (owner: Owner, { workerId }: WorkerFixture, policy: PolicyChoice) =>
  owner.as.mutation(api.workerAccess.setPolicy, { workerId, policy })

const shown = async (person: Owner, { workerId }: WorkerFixture) =>
  (await person.as.query(api.workers.get, { workerId })).policy

/** Of policies only, the latest first. */
async function trail(owner: Owner) {
  const { page } = await owner.as.query(api.account.trail, { paginationOpts: { numItems: 50, cursor: null } })
  return page.flatMap(({ by, what }) => (what.kind === 'policySet' ? [{ by, what }] : []))
}

describe('the policy of a worker', () => {
  it('is absent at first, shown when set, and gone again when it is as set up on the machine', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    expect(await shown(owner, worker)).toBeUndefined()
    for (const policy of ['ask', 'allow', 'readOnly'] as const) {
      await set(owner, worker, policy)
      expect(await shown(owner, worker)).toBe(policy)
    }
    await set(owner, worker, 'asSetUp')
    expect(await readWorker(backend.t, worker)).not.toHaveProperty('policy')
  })

  it('is the owner’s to set, and shown to those the machine is shared with', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await set(owner, worker, 'readOnly')
    const { machineId } = worker
    for (const role of ['operator', 'viewer'] as const) {
      const guest = await makeOwner(backend.t, `${role}@example.com`)
      await backend.t.run((ctx) => ctx.db.insert('shares', { machineId, userId: guest.userId, role }))
      await expectRefusal(set(guest, worker, 'allow'), 'FORBIDDEN')
      expect(await shown(guest, worker)).toBe('readOnly')
    }
    await expectRefusal(set(await makeOwner(backend.t, 'eve@example.com'), worker, 'allow'), 'NOT_FOUND')
    expect(await trail(owner)).toHaveLength(1)
  })

  it('leaves one line in the trail for each change, and none for the same again', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    for (const policy of ['asSetUp', 'ask', 'ask', 'asSetUp', 'asSetUp'] as const) {
      await set(owner, worker, policy)
    }
    const line = { kind: 'policySet', machine: 'build-03', worker: 'api' }
    expect(await trail(owner)).toEqual([
      { by: 'ada@example.com', what: { ...line, policy: 'asSetUp' } },
      { by: 'ada@example.com', what: { ...line, policy: 'ask' } },
    ])
  })

  it('is one of four', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    await expect(set(owner, worker, 'everything' as PolicyChoice)).rejects.toThrow('Validator error')
    expect(await shown(owner, worker)).toBeUndefined()
  })

  it('can be chosen before the worker is approved, and not for a revoked one', async () => {
    const owner = await makeOwner(backend.t)
    const worker = await makeWorker(owner, { approved: false })
    await set(owner, worker, 'readOnly')
    expect(await shown(owner, worker)).toBe('readOnly')
    await owner.as.mutation(api.workerAccess.revoke, { workerId: worker.workerId })
    await expectRefusal(set(owner, worker, 'allow'), 'WORKER_REVOKED')
  })

  it('comes with each claim as it is then, and outlives runs and heartbeats', async () => {
    const { owner, worker } = await onlineWorker(backend.t)
    const claim = async (text: string, credentials: Awaited<ReturnType<typeof register>>) => {
      const sessionId = await owner.as.mutation(api.chat.startSession, { workerId: worker.workerId })
      await owner.as.mutation(api.chat.sendMessage, { sessionId, text })
      const [queued] = await backend.t.query(api.answers.queued, { credentials })
      const messageId = queued?.messageId as Id<'messages'>
      const claimed = await backend.t.mutation(api.answers.claim, { credentials, messageId })
      if (claimed.kind !== 'claimed') throw new Error('nothing was claimed')
      return claimed
    }
    await set(owner, worker, 'ask')
    const credentials = await register(backend.t, worker)
    await backend.t.mutation(api.workers.heartbeat, { credentials, seq: 1 })
    expect(await claim('first', credentials)).toMatchObject({ policy: 'ask' })
    await set(owner, worker, 'readOnly')
    expect(await claim('second', credentials)).toMatchObject({ policy: 'readOnly' })
    await set(owner, worker, 'asSetUp')
    expect(await claim('third', credentials)).not.toHaveProperty('policy')
  })
})
